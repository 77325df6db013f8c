"""Problems: what somebody asked wrongly, with a code, a sentence and what to do about it.

What goes wrong with a worker is never raised; it is a value, `hermes_base.reasons.Failure`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

Unknown = Literal[
    "unknown_alert",
    "unknown_cause",
    "unknown_change",
    "unknown_channel",
    "unknown_customer",
    "unknown_dead_letter",
    "unknown_directory",
    "unknown_evidence",
    "unknown_job",
    "unknown_order",
    "unknown_payment",
    "unknown_rehearsal",
    "unknown_result",
    "unknown_route",
    "unknown_run",
    "unknown_schedule",
    "unknown_service",
    "unknown_session",
    "unknown_site",
    "unknown_token",
    "unknown_user",
    "unknown_waiver",
    "unknown_window",
]
"""404: `unknown_<what>` says that there is no such thing; `not_found` makes its sentence."""
Malformed = Literal[
    "invalid_event",
    "invalid_form",
    "malformed_json",
    "purchase_unreadable",
    "stripe_signature_wrong",
    "unknown_package",
]
NotSignedIn = Literal[
    "sign_in_needed",
    "sign_in_wrong",
    "signature_wrong",
    "token_missing",
    "token_wrong",
]
Refused = Literal[
    "cross_site",
    "csrf_wrong",
    "not_listed",
    "role_too_high",
    "role_too_low",
    "session_needed",
    "site_only",
]
NotFound = Literal[
    "link_wrong",
    "not_found",
]
WrongMethod = Literal["method_not_allowed"]
Conflict = Literal[
    "already_over",
    "already_queued",
    "factor_exists",
    "job_open",
    "last_admin",
    "no_directories",
    "no_password",
    "not_a_test",
    "not_replayable",
    "nothing_to_retry",
    "order_mismatch",
    "order_open",
    "order_over",
    "site_busy",
    "site_changed",
    "site_exists",
    "token_exists",
    "try_again",
    "user_exists",
    "waiver_exists",
    "wrong_state",
]
Gone = Literal["link_over", "sign_in_over"]
TooLarge = Literal["body_too_large"]
WrongHost = Literal["wrong_host"]
Invalid = Literal[
    "channel_failed",
    "code_wrong",
    "days_wrong",
    "demo_address",
    "email_wrong",
    "invalid_request",
    "name_differs",
    "name_wrong",
    "nothing_selected",
    "password_refused",
    "password_wrong",
    "private_address",
    "role_wrong",
    "site_id_missing",
]
TooMany = Literal["too_many_streams", "too_many_tries"]
Failed = Literal["internal"]
Away = Literal[
    "browser_missing",
    "database_away",
    "queue_away",
    "secret_file_unusable",
    "stripe_not_configured",
]
Local = Literal[
    "archive_unusable",
    "catalog_invalid",
    "database_rights",
    "demo_missing",
    "dialect_invalid",
    "engine_missing",
    "fleet_missing",
    "flow_away",
    "hermes_unreachable",
    "home_taken",
    "host_refused",
    "migration_changed",
    "not_due",
    "port_taken",
    "postgres_failed",
    "postgres_missing",
    "relayed",
    "schema_newer",
    "schema_old",
    "server_away",
    "server_old",
    "settings_invalid",
    "start_failed",
    "unknown_dialect",
    "wrong_words",
]
"""Met by commands and processes alone, never by a request: nothing was asked wrongly over HTTP."""
ProblemCode: TypeAlias = (
    Unknown
    | Malformed
    | NotSignedIn
    | Refused
    | NotFound
    | WrongMethod
    | Conflict
    | Gone
    | TooLarge
    | WrongHost
    | Invalid
    | TooMany
    | Failed
    | Away
    | Local
)
"""Every code there is. A new one is added to the Literal of its HTTP status, and nowhere else."""

_GROUPS: tuple[tuple[int | None, object], ...] = (
    (404, Unknown),
    (400, Malformed),
    (401, NotSignedIn),
    (403, Refused),
    (404, NotFound),
    (405, WrongMethod),
    (409, Conflict),
    (410, Gone),
    (413, TooLarge),
    (421, WrongHost),
    (422, Invalid),
    (429, TooMany),
    (500, Failed),
    (503, Away),
    (None, Local),
)


def _statuses(
    codes: object, groups: tuple[tuple[int | None, object], ...]
) -> dict[str, int | None]:
    """Every code with its status. Raises ValueError for a code with two statuses or with none."""
    listed: dict[str, int | None] = {}
    for status, group in groups:
        for code in get_args(group):
            if code in listed:
                raise ValueError(
                    f"the problem code {code} has two statuses: {listed[code]}, {status}"
                )
            listed[code] = status
    if without := {code for group in get_args(codes) for code in get_args(group)} - listed.keys():
        raise ValueError(f"problem codes without a status: {sorted(without)}")
    return listed


STATUSES: Mapping[str, int | None] = MappingProxyType(_statuses(ProblemCode, _GROUPS))
"""The HTTP status of every code; None where no request can meet it."""


class Problem(Exception):
    """Asked wrongly. `code` is stable, `message` says what is wrong, `hint` what to do."""

    def __init__(
        self,
        code: ProblemCode,
        message: str,
        hint: str,
        *,
        field: str | None = None,
        details: object | None = None,
    ) -> None:
        super().__init__(message)
        if code not in STATUSES:
            raise ValueError(f"{code} is no problem code: give it a status in {__name__}")
        self.code: str = code
        self.message = message
        self.hint = hint
        self.field = field
        self.details = details


class RelayedProblem(Problem):
    """What another server answered, in its words: its code may be one that is not listed here."""

    def __init__(
        self,
        code: str,
        message: str,
        hint: str,
        *,
        field: str | None = None,
        details: object | None = None,
    ) -> None:
        super().__init__("relayed", message, hint, field=field, details=details)
        self.code = code


def not_found(code: Unknown, name: object, hint: str) -> Problem:
    """`There is no dead letter 7.` of `unknown_dead_letter` and 7."""
    what = code.removeprefix("unknown_").replace("_", " ")
    return Problem(code, f"There is no {what} {name!s}.", hint)
