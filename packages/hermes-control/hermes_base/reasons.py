"""The closed list of reasons why a run is not a success, and everything that is known of each.

The rules of a reason stand beside its name, its words in `reasons.toml`. A reason of which a part is
missing does not load, and pyright reports a missing rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, RootModel

from hermes_base.data_files import Data, FaultyFile, parse

Stage = Literal[
    "config loaded",
    "auth ready",
    "endpoint built",
    "request sent",
    "reply typed",
    "schema read",
    "outputs judged",
]
"""The stages of a run, in order."""
Speaker = Literal["worker", "provider", "hermes"]
"""Who may give a reason: a worker of its whole run; a worker of one output only, since it speaks of the
way to its provider; nobody but Hermes."""
Lasting = Literal["lasts", "passes"]
"""Whether a later status request may get a better answer: the job itself may be well."""
Sentence = Annotated[str, Field(pattern=r"\S\.$")]


class Words(Data):
    """What people read of a reason: `label` has at most 30 characters, the others are sentences."""

    label: Annotated[str, Field(min_length=1, max_length=30)]
    cause: Sentence
    next_step: Sentence


class AllWords(RootModel[dict[str, Words]]):
    """The words by the code of their reason."""


FILE = "reasons.toml"
WORDS: Mapping[str, Words] = parse(
    Path(__file__).with_name(FILE).read_text("utf-8"), FILE, AllWords
).root


class Reason(StrEnum):
    """Every reason there is: its code, the stage it breaks, who may say it, and whether it passes.

    Anything a worker does ends in one of these or in success. An end without an answer to judge
    (deadline, budget, cancellation) breaks the last stage.
    """

    _value_: str
    stage: Stage
    said_by: Speaker
    passes: bool
    """By itself, as an outage does: asking again may get a better answer."""
    label: str
    cause: str
    next_step: str

    def __new__(cls, code: str, stage: Stage, said_by: Speaker, lasting: Lasting) -> Self:
        if code not in WORDS:
            raise FaultyFile(f"reasons.toml has no [{code}]: add its label, cause and next_step")
        reason, words = str.__new__(cls, code), WORDS[code]
        reason._value_ = code
        reason.stage, reason.said_by, reason.passes = stage, said_by, lasting == "passes"
        reason.label, reason.cause, reason.next_step = words.label, words.cause, words.next_step
        return reason

    MISSING_CONFIG = "missing_config", "config loaded", "worker", "lasts"
    MISSING_SECRET = "missing_secret", "config loaded", "hermes", "lasts"
    SECRET_MALFORMED = "secret_malformed", "config loaded", "hermes", "lasts"
    API_KEY_MISMATCH = "api_key_mismatch", "reply typed", "hermes", "lasts"
    NOT_PROVEN = "not_proven", "reply typed", "hermes", "lasts"
    DNS = "dns", "request sent", "provider", "passes"
    TLS = "tls", "request sent", "provider", "passes"
    CONNECT_REFUSED = "connect_refused", "request sent", "provider", "passes"
    CONNECT_TIMEOUT = "connect_timeout", "request sent", "provider", "passes"
    READ_TIMEOUT = "read_timeout", "request sent", "provider", "passes"
    WRONG_ENDPOINT_404 = "wrong_endpoint_404", "reply typed", "hermes", "lasts"
    AUTH_401 = "auth_401", "reply typed", "provider", "lasts"
    FORBIDDEN_403 = "forbidden_403", "reply typed", "provider", "lasts"
    REDIRECT = "redirect", "reply typed", "hermes", "lasts"
    RATE_LIMITED = "rate_limited", "reply typed", "worker", "lasts"
    QUOTA_EXCEEDED = "quota_exceeded", "reply typed", "worker", "lasts"
    SERVER_ERROR_5XX = "server_error_5xx", "reply typed", "provider", "lasts"
    HTML_APP_SHELL = "html_app_shell", "reply typed", "hermes", "passes"
    NOT_JSON = "not_json", "reply typed", "hermes", "passes"
    MALFORMED_REPLY = "malformed_reply", "schema read", "provider", "passes"
    REPLY_TOO_LARGE = "reply_too_large", "reply typed", "hermes", "lasts"
    UNRECOGNISED_REPLY = "unrecognised_reply", "schema read", "hermes", "passes"
    ANOTHER_JOB = "another_job", "schema read", "hermes", "passes"
    MISSING_JOB_ID = "missing_job_id", "schema read", "hermes", "lasts"
    UNKNOWN_STATUS = "unknown_status", "schema read", "hermes", "passes"
    JOB_UNKNOWN_TO_WORKER = "job_unknown_to_worker", "schema read", "hermes", "lasts"
    WORKER_FAILED = "worker_failed", "outputs judged", "worker", "lasts"
    WORKER_CANCELLED = "worker_cancelled", "outputs judged", "hermes", "lasts"
    DEADLINE_PASSED = "deadline_passed", "outputs judged", "hermes", "lasts"
    BUDGET_EXCEEDED = "budget_exceeded", "outputs judged", "worker", "lasts"
    PARTLY_FAILED = "partly_failed", "outputs judged", "hermes", "lasts"
    NO_OUTPUTS = "no_outputs", "outputs judged", "worker", "lasts"
    OUTPUTS_MISSING = "outputs_missing", "outputs judged", "worker", "lasts"
    CLAIMED_ONLY = "claimed_only", "outputs judged", "hermes", "lasts"
    IMPLAUSIBLE = "implausible", "outputs judged", "hermes", "lasts"
    CONTRADICTED = "contradicted", "outputs judged", "hermes", "lasts"
    NOT_THIS_SITE = "not_this_site", "outputs judged", "hermes", "lasts"
    NOT_THIS_RUN = "not_this_run", "outputs judged", "hermes", "lasts"
    STALE_ANSWER = "stale_answer", "outputs judged", "hermes", "lasts"
    MADE_UP = "made_up", "outputs judged", "hermes", "lasts"
    SAMPLE_DATA_REFUSED = "sample_data_refused", "outputs judged", "worker", "lasts"
    START_OUTCOME_UNKNOWN = "start_outcome_unknown", "request sent", "hermes", "lasts"
    NO_BROWSER = "no_browser", "outputs judged", "worker", "lasts"
    CANCELLED = "cancelled", "outputs judged", "hermes", "lasts"
    INTERNAL = "internal", "outputs judged", "hermes", "lasts"

    @classmethod
    def _missing_(cls, value: object) -> "Reason | None":
        """`runner_lost` was on the list once, and never given; a row that holds it still reads."""
        return cls.INTERNAL if value == "runner_lost" else None


if unknown := WORDS.keys() - set(Reason):
    raise FaultyFile(f"reasons.toml speaks of no reason in reasons.py: {sorted(unknown)}")

WORKER_MAY_SAY = frozenset(reason for reason in Reason if reason.said_by == "worker")
"""Reasons that a worker can know and name itself; the others only Hermes can find."""
PROVIDER_MAY_CAUSE = frozenset(reason for reason in Reason if reason.said_by != "hermes")
"""What a worker may say of one output: failures on its own way to a provider count there too."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure as a value: the reason and one sentence of detail.

    `sent` says that the request may have reached the worker, so what it did is not known. `over` says that
    the worker's job has ended with it: nothing is left to be cancelled.
    """

    reason: Reason
    detail: str
    sent: bool = False
    over: bool = False
