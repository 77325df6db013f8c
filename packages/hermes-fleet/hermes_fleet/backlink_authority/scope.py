"""How much is read: little in a smoke run, whole small sites in a full one."""

from dataclasses import dataclass

MOST_PAGES_PER_SITE = 2000
AT_ONCE = 4  # sites read side by side, each at its own pace


@dataclass(frozen=True, slots=True)
class CorpusScope:
    """At most `competitors` of them, at most `pages` of every site; `sitemaps` says whether they are read."""

    competitors: int
    pages: int
    sitemaps: bool


SMOKE = CorpusScope(competitors=3, pages=5, sitemaps=False)
FULL = CorpusScope(competitors=10, pages=400, sitemaps=True)


def scope_of(mode: str, pages_per_site: int | None) -> CorpusScope:
    """A smoke run never reads more than SMOKE says."""
    if mode == "smoke":
        return CorpusScope(
            SMOKE.competitors, min(pages_per_site or SMOKE.pages, SMOKE.pages), False
        )
    return CorpusScope(FULL.competitors, pages_per_site or FULL.pages, FULL.sitemaps)
