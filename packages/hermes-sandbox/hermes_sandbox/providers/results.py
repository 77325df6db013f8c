"""A made-up search engine: who stands where for a keyword, the same on every call."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from hermes_sandbox.providers.plan import PLANS, Plan, position
from hermes_sandbox.site.dice import Dice

DEPTH = 100
NOBODY = "zzqx"
"""A keyword with this in it finds nothing."""
NAMES = (
    "bright",
    "willow",
    "harbour",
    "summit",
    "meadow",
    "cobalt",
    "lantern",
    "cedar",
    "quarry",
    "ember",
)
TRADES = ("smiles", "dental", "tooth-care", "dentists", "oral-health")
DOMAINS = tuple(f"www.{name}-{trade}.example" for name in NAMES for trade in TRADES)
PATHS = ("guide", "prices", "treatment", "questions")


class Result(NamedTuple):
    """One organic result; `rank` 1 is the top."""

    rank: int
    domain: str
    url: str
    title: str
    snippet: str


class Engine:
    """Ranks the demo site where its planned position says, competitors and invented domains around it."""

    def __init__(self, site: str, competitors: Sequence[str] = ()) -> None:
        self._site = site.rstrip("/")
        self._competitors = [address.rstrip("/") for address in competitors]

    def search(self, keyword: str) -> list[Result]:
        """The first hundred, best first; none for a keyword that nobody covers."""
        words = " ".join(keyword.lower().split())
        if NOBODY in words or not words:
            return []
        urls = self._others(words)
        if (plan := plan_of(words)) is not None:
            urls.insert(rank_of(plan) - 1, self._site + plan.path)
        return [_result(rank, url, words) for rank, url in enumerate(urls[:DEPTH], 1)]

    def questions(self, keyword: str) -> list[str]:
        """What people also ask."""
        words = keyword.strip().lower()
        return [f"What is {words}?", f"How much does {words} cost?"] if self.search(words) else []

    def _others(self, words: str) -> list[str]:
        """Each competitor once among the first twenty, invented domains around them."""
        dice = Dice("results", words)
        urls = [_page(domain, path, words) for path in PATHS for domain in dice.draw(DOMAINS, 30)]
        for competitor in self._competitors:
            urls.insert(dice.below(20), f"{competitor}/")
        return urls


def plan_of(keyword: str) -> Plan | None:
    """The demo page that ranks for a keyword: one of its planned queries, word for word."""
    return next((plan for plan in PLANS if keyword in plan.queries), None)


def rank_of(plan: Plan) -> int:
    """Today's place of a planned page among the organic results."""
    return max(1, round(position(plan, 0)))


def _page(domain: str, path: str, words: str) -> str:
    return f"https://{domain}/{path}/{words.replace(' ', '-')}"


def _result(rank: int, url: str, words: str) -> Result:
    host = urlsplit(url).netloc
    name = host.removeprefix("www.").split(".")[0].replace("-", " ").title()
    snippet = (
        f"{name} on {words}: what it involves, who it suits and what to ask before you decide."
    )
    return Result(rank, host, url, f"{words.capitalize()} | {name}", snippet)
