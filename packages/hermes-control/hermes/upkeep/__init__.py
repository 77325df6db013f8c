"""Upkeep: schedules, waivers, alerts, secrets, and the record of who did what. Stands beside `control`."""

from hermes.control import Hermes
from hermes.upkeep.alerts import Alerts
from hermes.upkeep.maintenance import Maintenance
from hermes.upkeep.records import audit_events, known_actions
from hermes.upkeep.schedules import Schedules
from hermes.upkeep.secrets import secrets_of
from hermes.upkeep.waivers import Waivers

__all__ = ["Upkeep", "audit_events", "known_actions", "secrets_of"]


class Upkeep:
    """What keeps a fleet in order, as far as `hermes` may see it. Raises `Problem` for what was asked wrongly."""

    def __init__(self, hermes: Hermes, address: str = "") -> None:
        self.hermes = hermes
        self.schedules = Schedules(hermes)
        self.waivers = Waivers(hermes)
        self.alerts = Alerts(hermes, address)
        self.maintenance = Maintenance(hermes)
