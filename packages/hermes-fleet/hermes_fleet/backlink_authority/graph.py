"""The link graph of one run: what was read, who links to the site, and which sites link to which."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Figures(BaseModel):
    """Values that never change once written; the JSON of artifacts has these very names."""

    model_config = ConfigDict(frozen=True)


class Link(Figures):
    """A link to the site: one for each page and target."""

    source: str
    target: str
    anchor: str
    rel: str
    followed: bool

    @property
    def ends(self) -> tuple[str, str]:
        """What makes it the same link in another run."""
        return self.source, self.target


class SiteRead(Figures):
    """How much of a site was read. `whole`: no address of it was left unvisited."""

    pages: int
    whole: bool


class LinkGraph(Figures):
    """`home` is the site watched. `sites` that were read, by home address. `pages`: address -> status,
    of whatever was visited; of a whole site only what did not answer 200. `edges`: (site, other site, pages that carry a followed link)."""

    home: str
    taken_at: datetime
    sites: dict[str, SiteRead]
    pages: dict[str, int]
    links: list[Link]
    edges: list[tuple[str, str, int]]

    @property
    def scope(self) -> str:
        """What all figures from this graph rest on."""
        pages = sum(each.pages for each in self.sites.values())
        return f"{len(self.sites)} sites, {pages} pages read by Hermes; not the whole web"

    @property
    def whole(self) -> bool:
        return all(each.whole for each in self.sites.values())
