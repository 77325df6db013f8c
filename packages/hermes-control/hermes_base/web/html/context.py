"""What the handlers of pages start from."""

from fastapi import Request

from hermes_base.people import People
from hermes_base.web.access import AccessSettings


def link_of(request: Request, token: str) -> str:
    """The whole address of a one-time link, at the address that people open."""
    access: AccessSettings = request.app.state.access
    return f"{access.public_url or str(request.base_url).rstrip('/')}/sign-in/{token}"


def people_of(request: Request) -> People:
    """Users, sessions and tokens of this application."""
    return request.app.state.people
