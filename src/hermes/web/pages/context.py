"""What every page handler starts from."""

from fastapi import Request

from hermes.control import Hermes


def hermes_of(request: Request) -> Hermes:
    """The control room of this application."""
    return request.app.state.hermes
