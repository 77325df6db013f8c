"""What every page of the staff is given: where it is, and what moved around orders."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from hermes_base.web.html.rendering import page


async def staff_page(
    request: Request, template: str, *, status: int = 200, **facts: Any
) -> HTMLResponse:
    """A page of the staff; `here` is its address with what was chosen."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return await page(request, template, status, here=here, **facts)
