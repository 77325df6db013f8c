"""What people entered for a site: keywords and competitors, read with care."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from hermes_fleet.crawling.addresses import normalise, origin
from hermes_fleet.searching.results import belongs
from hermes_worker import Missing, WorkerError

LONGEST_KEYWORD = 400  # characters: the shortest limit of the providers (Brave)
NO_KEYWORDS = Missing(
    "missing_config",
    "The site has no tracked keywords. Enter them in the site's settings, most important first.",
)


@dataclass(frozen=True, slots=True)
class Competitor:
    """An address as it was entered; `home` is None when it is none, and `fault` says why."""

    entered: str
    home: str | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The address of the site, and what was entered for it, in that order.

    Keywords stand there once each, competitors once for each site.
    """

    home: str
    keywords: tuple[str, ...] = ()
    competitors: tuple[Competitor, ...] = ()

    @property
    def competing(self) -> list[str]:
        """The competitors' addresses that can be used."""
        return [each.home for each in self.competitors if each.home]


def address(site: str) -> str:
    """The address that a site's name stands for, https when it does not say; WorkerError `invalid_site`."""
    if home := _home(site):
        return home
    raise WorkerError("invalid_site", f"site: {site!r} is not an http or https address.")


def read(settings: Mapping[str, Any] | None, site: str) -> Settings:
    """The settings of a site. WorkerError `invalid_site` when it has no address, `missing_config` with
    the setting that cannot be used and what to enter."""
    given, home = settings or {}, address(site)
    return Settings(
        home,
        keywords=phrases(given.get("keywords"), "keywords"),
        competitors=_competitors(given.get("competitors"), home),
    )


def phrases(given: object, name: str) -> tuple[str, ...]:
    """The phrases of a list, spaces tidied, each once; upper and lower case are the same phrase."""
    found = dict[str, str]()
    for text in _texts(given, name, '["teeth whitening", "dental implants"]'):
        if len(text) > LONGEST_KEYWORD:
            message = (
                f"{name}: {text[:40]!r}... is longer than {LONGEST_KEYWORD} characters; shorten it."
            )
            raise WorkerError("missing_config", message)
        found.setdefault(text.casefold(), text)
    return tuple(found.values())


def _competitors(given: object, site: str) -> tuple[Competitor, ...]:
    found = dict[str, Competitor]()
    for text in _texts(given, "competitors", '["https://www.example.com"]'):
        competitor = _competitor(text, site)
        found.setdefault(origin(competitor.home) if competitor.home else text, competitor)
    return tuple(found.values())


def _competitor(text: str, site: str) -> Competitor:
    home = _home(text)
    if home is None:
        return Competitor(text, None, "It is not an http or https address; correct it.")
    if belongs(home, site):
        return Competitor(text, None, "It is the site itself; enter another site.")
    return Competitor(text, home)


def _home(text: str) -> str | None:
    """None for what is no address of a site, such as an e-mail address."""
    return None if "@" in text else normalise(text if "://" in text else f"https://{text}")


def _texts(given: object, name: str, example: str) -> list[str]:
    """The texts of a list without the empty ones; nothing when the setting is not there."""
    if given is None:
        return []
    if not isinstance(given, list):
        raise _not_a_list(name, example)
    entries = cast("list[object]", given)
    if not all(isinstance(each, str) for each in entries):
        raise _not_a_list(name, example)
    return [text for each in entries if (text := " ".join(str(each).split()))]


def _not_a_list(name: str, example: str) -> WorkerError:
    message = f"The site's setting {name} must be a list of texts; enter it like {example}."
    return WorkerError("missing_config", message)
