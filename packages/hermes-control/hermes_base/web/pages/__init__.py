"""Pages of the frame: signing in, people, tokens, one's own account."""

from fastapi import Depends

from hermes_base.web.live import noting_position
from hermes_base.web.pages import (
    account,
    components,
    people,
    search,
    second_factor,
    settings,
    sign_in,
    themes,
    tokens,
)
from hermes_base.web.routing import Router

router = Router(include_in_schema=False, dependencies=[Depends(noting_position())])
for part in (sign_in, settings, people, tokens, account, second_factor, search, themes, components):
    router.include(part.router)
