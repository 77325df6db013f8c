"""The pages: server-rendered, working without a script, live with one."""

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from hermes.web.live import note_position
from hermes.web.pages import (
    account,
    actions,
    customer,
    evidence,
    inspector,
    integrations,
    people,
    settings,
    settings_alerts,
    settings_audit,
    settings_schedules,
    settings_secrets,
    settings_waivers,
    sign_in,
    site_forms,
    sites,
    staff,
    staff_actions,
    tests,
    tokens,
)
from hermes.web.pages.files import Files
from hermes.web.pages.rendering import STATIC

router = APIRouter(include_in_schema=False, dependencies=[Depends(note_position)])
for part in (sites, site_forms, integrations, inspector, tests, actions):
    router.include_router(part.router)
for part in (sign_in, settings, people, tokens, account):
    router.include_router(part.router)
for part in (
    settings_secrets,
    settings_schedules,
    settings_waivers,
    settings_alerts,
    settings_audit,
):
    router.include_router(part.router)


for part in (staff, staff_actions, evidence, customer):
    router.include_router(part.router)


def mount_static(app: FastAPI) -> None:
    """Serve stylesheet and scripts below /static, compressed."""
    app.mount("/static", GZipMiddleware(Files(directory=STATIC)), name="static")
