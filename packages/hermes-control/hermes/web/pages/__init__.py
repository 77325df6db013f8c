"""The pages: server-rendered, working without a script, live with one."""

from fastapi import APIRouter, Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from directory_bolt.web.pages import customer, evidence, staff, staff_actions
from hermes.web.pages.inspector import inspector
from hermes.web.pages.integrations import actions, integrations
from hermes.web.pages.settings import alerts as settings_alerts
from hermes.web.pages.settings import schedules as settings_schedules
from hermes.web.pages.settings import secrets as settings_secrets
from hermes.web.pages.settings import waivers as settings_waivers
from hermes.web.pages.sites import forms as site_forms
from hermes.web.pages.sites import sites
from hermes.web.pages.tests import tests
from hermes_base.web.html.files import Files
from hermes_base.web.html.rendering import STATIC
from hermes_base.web.live import note_position
from hermes_base.web.pages import account, people, settings, sign_in, tokens
from hermes_base.web.pages import audit as settings_audit

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
