"""Evidence of submissions: screenshots and texts, for staff only, never run as a page."""

import re

from fastapi import Request
from fastapi.responses import FileResponse

from directory_bolt.web.dependencies import orders_of
from hermes_base.people.roles import READ_ALL
from hermes_base.problems import not_found
from hermes_base.web.html.explaining import PageRoute
from hermes_base.web.routing import Router

router = Router(route_class=PageRoute)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,120}\.(png|txt)")
TYPES = {"png": "image/png", "txt": "text/plain"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
}


@router.get("/staff/evidence/{name}", READ_ALL)
async def evidence(request: Request, name: str) -> FileResponse:
    """One file of evidence. Raises `unknown_evidence`."""
    known = NAME.fullmatch(name)
    path = orders_of(request).evidence / name
    if known is None or path.is_symlink() or not path.is_file():
        raise not_found(
            "unknown_evidence", name[:80], "It may have been erased with the customer's data."
        )
    return FileResponse(path, media_type=TYPES[known[1]], headers=HEADERS)
