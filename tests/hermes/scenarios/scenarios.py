"""All scenarios: each a misbehaving worker as data, with the verdict that the design promises."""

from tests.hermes.scenarios import health_answers, jobs, replies, transport
from tests.hermes.scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    *transport.SCENARIOS,
    *replies.SCENARIOS,
    *jobs.SCENARIOS,
    *health_answers.SCENARIOS,
)
