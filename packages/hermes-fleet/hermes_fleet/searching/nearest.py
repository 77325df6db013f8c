"""Which addresses to read first when there are more than may be read."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from urllib.parse import unquote, urlsplit

from hermes_fleet.crawling.choice import spread

WORD = re.compile(r"[^\W_]+")
STEM = 4  # letters: "implant" and "implants" are the same word, "the" and "then" are not
LEAST_SHARE = 0.5  # of a keyword's words that an address must hold to be near it


def order(urls: Iterable[str], keywords: Sequence[str]) -> list[str]:
    """The address nearest to each keyword, the second nearest to each ...; then one of each template."""
    found = spread(urls)
    paths = Paths(found)
    turns = zip_longest(*(paths.near(keyword) for keyword in keywords))
    near = [url for turn in turns for url in turn if url]
    plain = [url for url in found if "?" not in url]
    return list(dict.fromkeys(chain(near, plain, found)))


class Paths:
    """Addresses by the words of their paths."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._holders: dict[str, list[str]] = defaultdict(list)
        for url in urls:
            for word in set(words(unquote(urlsplit(url).path))):
                self._holders[word].append(url)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for word in self._holders:
            self._by_stem[word[:STEM]].append(word)

    def near(self, keyword: str) -> list[str]:
        """Addresses that hold at least half of a keyword's words, the most first; of equals the shortest."""
        wanted = words(keyword)
        counts: Counter[str] = Counter()
        for word in wanted:
            others = (other for other in self._by_stem[word[:STEM]] if alike(word, other))
            counts.update({url for other in others for url in self._holders[other]})
        near = [url for url, count in counts.items() if count >= LEAST_SHARE * len(wanted)]
        return sorted(near, key=lambda url: (-counts[url], len(url), url))


def words(text: str) -> list[str]:
    """The words of a text in small letters."""
    return WORD.findall(text.lower())


def alike(one: str, other: str) -> bool:
    """Whether two words are the same but for an ending."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= STEM and longer.startswith(shorter)
