"""The pages of the control room: server-rendered, working without a script, live with one."""

from fastapi import Depends

from hermes.web.pages import taking_away
from hermes.web.pages.alerts import alerts as alert_list
from hermes.web.pages.changes import changes
from hermes.web.pages.inspector import inspector
from hermes.web.pages.integrations import actions, integrations
from hermes.web.pages.runs import runs
from hermes.web.pages.settings import alerts, audit, channels, schedules, secrets, waivers
from hermes.web.pages.sites import forms, overview
from hermes.web.pages.tests import tests
from hermes_base.web.live import noting_position
from hermes_base.web.routing import Router

router = Router(include_in_schema=False, dependencies=[Depends(noting_position())])
for part in (
    alert_list,
    overview,
    forms,
    integrations,
    inspector,
    runs,
    tests,
    changes,
    actions,
    taking_away,
):
    router.include(part.router)
for part in (secrets, schedules, waivers, alerts, channels, audit):
    router.include(part.router)
