"""The site that a command is about."""

from typing import Any

from hermes_base.client import HermesApi
from hermes_base.problems import Problem


async def find_site(api: HermesApi, wanted: str | None) -> dict[str, Any]:
    """A site by id, name or base URL, as the API writes it; without a name the only one there is.

    Raises `site_id_missing` where the name is needed, `unknown_site` where no site goes by it.
    """
    sites: list[dict[str, Any]] = await api.get("/api/sites")
    if wanted is None:
        if len(sites) == 1:
            return sites[0]
        names = ", ".join(site["name"] for site in sites) or "none yet; add one on the Sites page"
        raise Problem(
            "site_id_missing", "Which site? Use --site.", f"Sites: {names}.", field="site"
        )
    asked = wanted.strip().rstrip("/").lower()
    for site in sites:
        if asked in (site["id"], site["name"].lower(), site["baseUrl"].lower()):
            return site
    names = ", ".join(site["name"] for site in sites) or "none"
    raise Problem("unknown_site", f"There is no site {wanted!r}.", f"Sites: {names}.", field="site")
