"""Who did what, newest first."""

from operator import itemgetter
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from hermes.web.dependencies import hermes_of
from hermes_base.audit_actions import label
from hermes_base.people.roles import READ_ALL
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.pages.settings import settings_page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
PAGE = "/settings/audit"
Before = Annotated[int | None, Query(ge=1, le=2**62)]


@router.get(PAGE, READ_ALL)
async def audit(
    request: Request, actor: str = "", action: str = "", site: str = "", before: Before = None
) -> HTMLResponse:
    """A page of the record; the address holds the filter."""
    hermes = hermes_of(request)
    chosen = {"actor": actor.strip()[:120], "action": action[:60], "site": _site(site)}
    site_id = UUID(chosen["site"]) if chosen["site"] else None
    found = await hermes.records.events(chosen["actor"], chosen["action"], site_id, before)
    older = {**chosen, "before": str(found.next_before)}
    return await settings_page(
        request,
        "settings/audit.html",
        events=found.events,
        given=chosen,
        filtered=any(chosen.values()),
        actions=[
            ("", "All"),
            *sorted(
                ((name, label(name)) for name in await hermes.records.actions()), key=itemgetter(1)
            ),
        ],
        sites=[("", "All"), *[(str(each.id), each.name) for each in await hermes.sites.all()]],
        is_older=before is not None,
        newest=_address(chosen),
        older=_address(older) if found.next_before else None,
        words=label,
    )


def _site(text: str) -> str:
    """The id of a site in its usual form; what is none counts as nothing chosen."""
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _address(chosen: dict[str, str]) -> str:
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{PAGE}?{query}" if query else PAGE
