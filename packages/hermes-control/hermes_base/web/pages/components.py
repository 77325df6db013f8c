"""Every component in every state, for who builds pages; only where HERMES_DEV_PAGES says so."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from hermes_base.people.roles import READ_ANY
from hermes_base.problems import Problem
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.html.rendering import page
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
STATES = (
    ("passed", "Passed", "Everything expected was delivered", "when anything is unknown"),
    ("partial", "Partial", "Some outputs were not delivered", "for a doubt"),
    ("failed", "Failed", "No result, or the worker or site is not there", "for what was never configured"),
    ("missing", "Missing", "An output is not in the response", "as the verdict of a run"),
    ("claimed", "Claimed", "Named or counted, but the thing is not there", "for an empty list that is complete"),
    ("refuted", "Refuted", "The value contradicts contract, response or request", "without rule and quote"),
    ("doubt", "Doubt", "Delivered, and odd", "as a verdict: it stands beside one"),
    ("pending", "Pending", "Running, queued, or comes automatically", "longer than its deadline"),
    ("untested", "Not tested", "Nobody has tested it yet", "with a green neighbour that implies it"),
    ("config", "Needs setup", "Waits for you", "in red"),
    ("blocked", "Planned", "Not built, or not allowed", "counted as failed"),
    ("stale", "Before the change", "True once; address, key or contract changed since", "in green"),
)  # fmt: skip
"""(name, word, meaning, where it is never used) of each state."""


@router.get("/dev/components", READ_ANY)
async def components(request: Request) -> HTMLResponse:
    """The components with made-up content. Raises `not_found` where the setting is off."""
    if not request.app.state.access.dev_pages:
        hint = "Set HERMES_DEV_PAGES=true to open it."
        raise Problem("not_found", f"There is nothing at {request.url.path}.", hint)
    strip = ["untested"] * 4 + ["passed"] * 20 + ["partial"] * 3 + ["failed"] * 3
    return await page(request, "components.html", states=STATES, strip=strip)
