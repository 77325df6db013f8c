"""The closed list of causes: each with the hop that it breaks, a sentence, and what to do."""

from enum import StrEnum
from functools import cache

from pydantic import RootModel, model_validator

from hermes_base.data_files import Data, Entry, load

FILE = "causes.toml"


class Cause(StrEnum):
    """The closed list of why a hop is broken; `causes.toml` explains each."""

    WEB_AWAY = "web_away"
    ACCESS = "access"
    DATABASE_AWAY = "database_away"
    DATABASE_READ_ONLY = "database_read_only"
    STRIPE_NOT_CONFIGURED = "stripe_not_configured"
    SIGNATURE = "signature"
    WEBHOOK_REFUSED = "webhook_refused"
    RELAY_DOWN = "relay_down"
    BRAIN_DOWN = "brain_down"
    BRAIN_WRONG_HOST = "brain_wrong_host"
    BRAIN_WITHOUT_ROUTE = "brain_without_route"
    BRAIN_REFUSES = "brain_refuses"
    BRAIN_OTHER_DATABASE = "brain_other_database"
    QUEUE_AWAY = "queue_away"
    QUEUE_NAME = "queue_name"
    OTHER_QUEUE = "other_queue"
    MESSAGE_KEPT = "message_kept"
    SUBSCRIBER_DOWN = "subscriber_down"
    FLOW_ENGINE_AWAY = "flow_engine_away"
    DEPLOYMENT_MISSING = "deployment_missing"
    WORKER_DOWN = "worker_down"
    WORKER_STALLED = "worker_stalled"
    NO_BROWSER = "no_browser"
    NO_LISTING = "no_listing"
    MONITOR_DOWN = "monitor_down"
    LIVE_CUT = "live_cut"
    LIVE_UNHEARD = "live_unheard"
    DASHBOARD = "dashboard"
    LOG_LINE = "log_line"
    LEFT_BEHIND = "left_behind"
    STALLED = "stalled"


class Explanation(Data):
    """`hop` as "from -> to"; `text` is the likely cause, `next_step` what to do about it."""

    hop: Entry
    text: Entry
    next_step: Entry


class Explanations(RootModel[dict[Cause, Explanation]]):
    """Every cause, explained."""

    @model_validator(mode="after")
    def _complete(self) -> "Explanations":
        if missing := [cause for cause in Cause if cause not in self.root]:
            raise ValueError(f"{missing[0]} is not explained")
        return self


@cache
def _explanations() -> dict[Cause, Explanation]:
    return load(__name__, FILE, Explanations).root


def explanation_of(cause: Cause) -> Explanation:
    """What people are told of a cause. Raises FaultyFile."""
    return _explanations()[cause]
