"""Who answers which path of DataForSEO, and with which code inside a 200."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeAlias, cast

from hermes_sandbox.providers.dataforseo import envelope
from hermes_sandbox.providers.dataforseo.backlinks import Backlinks
from hermes_sandbox.providers.dataforseo.envelope import Outcome, Refused, done, whole_refusal
from hermes_sandbox.providers.dataforseo.labs import Labs
from hermes_sandbox.providers.dataforseo.serp import Serp
from hermes_sandbox.providers.results import Engine
from hermes_sandbox.providers.wire import Answer, Asked, Route

LOGIN = "demo@juniper-dental.example"
Perform: TypeAlias = Callable[[dict[str, Any]], Outcome]
TASK_FAULTS: dict[str, tuple[int, str, float]] = {
    "nested_error": (40501, "Invalid Field: 'location_code'.", 0.0),
    "internal_se_error": (40101, "Internal SE Server Error.", 0.002),
    "no_results": (40102, "No Search Results.", 0.002),
    "task_failed": (40103, "Task execution failed.", 0.0),
    "nested_payment": (40200, "Payment Required.", 0.0),
    "rate_limited": (40202, "Rate-limit per minute exceeded.", 0.0),
    "cost_limit": (40203, "Cost limit per day exceeded.", 0.0),
    "access_denied": (40204, "Access denied. Visit Plans and Subscriptions to activate.", 0.0),
    "insufficient_funds": (40210, "Insufficient Funds.", 0.0),
    "not_found": (40400, "Not Found.", 0.0),
    "nested_server_error": (50000, "Internal Error.", 0.0),
    "timeout": (50401, "Internal Service Timeout.", 0.0),
}
"""Fault -> code, message and cost (dollars) of the task in a reply whose outer code is 20000."""


ERRORS = {
    "unauthorized": whole_refusal(401, *envelope.NOT_AUTHORISED),
    "payment": whole_refusal(402, 40200, "Payment Required."),
    "server_error": whole_refusal(500, 50000, "Internal Error."),
    "outer_error": whole_refusal(200, 40202, "Rate-limit per minute exceeded."),
}


class DataForSeo:
    """The endpoints that Hermes uses; every other one is the provider's 404."""

    name = "dataforseo"
    errors = ERRORS
    modes = frozenset((*TASK_FAULTS, "empty"))

    def __init__(self, password: str, site: str, engine: Engine, today: Callable[[], date]) -> None:
        self._pair = f"{LOGIN}:{password}"
        serp, labs, links = Serp(engine), Labs(engine, site), Backlinks(site, today)
        self._live: dict[str, Perform] = {
            "/v3/serp/google/organic/live/advanced": serp.organic,
            **{f"/v3/backlinks/{name}/live": perform for name, perform in links.table().items()},
            **{
                f"/v3/dataforseo_labs/google/{name}/live": perform
                for name, perform in labs.table().items()
            },
        }

    def routes(self) -> list[Route]:
        tasks: list[Route] = [
            ("POST", path, partial(self._perform, path, perform))
            for path, perform in self._live.items()
        ]
        return [*tasks, ("GET", "/v3/appendix/user_data", self._user)]

    def refuses(self, asked: Asked) -> Answer | None:
        return None if asked.basic() == self._pair else ERRORS["unauthorized"]

    def _user(self, _asked: Asked) -> Answer:
        money = {"total": 50.0, "balance": 41.5}
        account = {"login": LOGIN, "timezone": "America/New_York", "money": money}
        return envelope.envelope(["v3", "appendix", "user_data"], [({}, done([account], 0.0))])

    def _perform(self, path: str, perform: Perform, asked: Asked) -> Answer:
        tasks = asked.json()
        if not isinstance(tasks, list):
            return whole_refusal(200, 40503, "POST Data Is Invalid.")
        if not tasks:
            return whole_refusal(200, 40502, "POST Data Is Empty.")
        listed = cast("list[Any]", tasks)
        if len(listed) > 1:
            return whole_refusal(200, 40000, "You can set only one task at a time.")
        (task,) = listed
        if not isinstance(task, dict):
            return whole_refusal(200, 40503, "POST Data Is Invalid.")
        fields = cast("dict[str, Any]", task)
        task = {name: value for name, value in fields.items() if value is not None}
        outcome = _outcome(perform, task, asked.fault)
        return envelope.envelope(path.strip("/").split("/"), [(task, outcome)])


def _outcome(perform: Perform, task: dict[str, Any], fault: str) -> Outcome:
    """Wrong fields are told before anything else goes wrong, as the provider validates first."""
    try:
        outcome = perform(task)
    except Refused as refused:
        return refused.outcome
    if fault in TASK_FAULTS:
        code, message, cost = TASK_FAULTS[fault]
        return Outcome(code, message, None, cost)
    return _emptied(outcome) if fault == "empty" else outcome


def _emptied(outcome: Outcome) -> Outcome:
    """The same answer with nothing found in it."""
    nothing: dict[str, Any] = {"items": None, "items_count": 0}
    results = [each | ({**nothing} if "items" in each else {}) for each in outcome.results or ()]
    counts = ("total_count", "se_results_count", "backlinks", "referring_domains")
    for each in results:
        each.update({name: 0 for name in counts if name in each})
    return outcome._replace(results=results)
