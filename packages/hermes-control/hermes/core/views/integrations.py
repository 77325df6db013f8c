"""Everything the Integrations page shows, in one answer."""

from datetime import datetime

from hermes.core.views.health import RollUp
from hermes.core.views.jobs import JobView
from hermes.core.views.platform import PlatformView
from hermes.core.views.remedies import NextAction
from hermes.core.views.services import ServiceRow
from hermes.core.views.sites import SiteView
from hermes_base.view import View


class IntegrationsView(View):
    """A site as known at `generated_at`; each run in it says when its own facts were obtained."""

    site: SiteView
    generated_at: datetime
    roll_up: RollUp
    services: list[ServiceRow]
    platform: list[PlatformView]
    jobs: list[JobView]
    next_actions: list[NextAction]
