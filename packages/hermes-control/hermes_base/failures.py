"""The closed list of reasons why a run is not a success: each with a label, a cause and a next step."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Every reason there is. Anything a worker does ends in one of these or in success."""

    MISSING_CONFIG = "missing_config"
    MISSING_SECRET = "missing_secret"
    SECRET_MALFORMED = "secret_malformed"
    API_KEY_MISMATCH = "api_key_mismatch"
    DNS = "dns"
    TLS = "tls"
    CONNECT_REFUSED = "connect_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    READ_TIMEOUT = "read_timeout"
    WRONG_ENDPOINT_404 = "wrong_endpoint_404"
    AUTH_401 = "auth_401"
    FORBIDDEN_403 = "forbidden_403"
    REDIRECT = "redirect"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXCEEDED = "quota_exceeded"
    SERVER_ERROR_5XX = "server_error_5xx"
    HTML_APP_SHELL = "html_app_shell"
    NOT_JSON = "not_json"
    MALFORMED_REPLY = "malformed_reply"
    REPLY_TOO_LARGE = "reply_too_large"
    MISSING_JOB_ID = "missing_job_id"
    UNKNOWN_STATUS = "unknown_status"
    JOB_UNKNOWN_TO_WORKER = "job_unknown_to_worker"
    WORKER_FAILED = "worker_failed"
    WORKER_CANCELLED = "worker_cancelled"
    DEADLINE_PASSED = "deadline_passed"
    BUDGET_EXCEEDED = "budget_exceeded"
    NO_OUTPUTS = "no_outputs"
    OUTPUTS_MISSING = "outputs_missing"
    SAMPLE_DATA_REFUSED = "sample_data_refused"
    START_OUTCOME_UNKNOWN = "start_outcome_unknown"
    RUNNER_LOST = "runner_lost"
    NO_BROWSER = "no_browser"
    CANCELLED = "cancelled"
    INTERNAL = "internal"


WORKER_MAY_SAY = frozenset(
    {
        Reason.MISSING_CONFIG,
        Reason.RATE_LIMITED,
        Reason.QUOTA_EXCEEDED,
        Reason.BUDGET_EXCEEDED,
        Reason.NO_BROWSER,
        Reason.NO_OUTPUTS,
        Reason.OUTPUTS_MISSING,
        Reason.SAMPLE_DATA_REFUSED,
        Reason.WORKER_FAILED,
    }
)
"""Reasons that a worker can know and name itself; the others only Hermes can find."""

PROVIDER_MAY_CAUSE = WORKER_MAY_SAY | {
    Reason.AUTH_401,
    Reason.FORBIDDEN_403,
    Reason.SERVER_ERROR_5XX,
    Reason.MALFORMED_REPLY,
    Reason.DNS,
    Reason.TLS,
    Reason.CONNECT_REFUSED,
    Reason.CONNECT_TIMEOUT,
    Reason.READ_TIMEOUT,
}
"""What a worker may say of one output: troubles on its own way to a provider count there too."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What people read: a short label, the likely cause, and what to do next."""

    label: str
    cause: str
    next_step: str


EXPLANATIONS: dict[Reason, Explanation] = {
    Reason.MISSING_CONFIG: Explanation(
        "Not configured",
        "A setting or provider credential that this service needs is not there.",
        "Add what is named in the details, then run the test again.",
    ),
    Reason.MISSING_SECRET: Explanation(
        "Secret missing",
        "No source of the vault holds this worker's address and key.",
        "Set the named secret to a JSON object with base_url and api_key.",
    ),
    Reason.SECRET_MALFORMED: Explanation(
        "Secret unreadable",
        "The secret is there but holds no usable base_url or api_key.",
        'Use this form: {"base_url": "https://worker.example", "api_key": "..."}.',
    ),
    Reason.API_KEY_MISMATCH: Explanation(
        "Keys differ",
        "The worker expects another key than the one in the vault; the fingerprints differ.",
        "Compare the two fingerprints and copy the right key to the other side.",
    ),
    Reason.DNS: Explanation(
        "Host not found",
        "The host name of base_url does not resolve.",
        "Check the spelling of the host in the secret, and that its DNS record exists.",
    ),
    Reason.TLS: Explanation(
        "TLS failed",
        "The certificate is expired, self-signed, or made for another host name.",
        "Renew or replace the certificate, or correct the host name in base_url.",
    ),
    Reason.CONNECT_REFUSED: Explanation(
        "Connection refused",
        "The host answers, but nothing listens on that port, or it closed the connection.",
        "Start the worker, and check the port in base_url.",
    ),
    Reason.CONNECT_TIMEOUT: Explanation(
        "No connection in time",
        "The host did not accept a connection: wrong address, firewall, or a host that sleeps.",
        "Check the address and the firewall; wake the host and try again.",
    ),
    Reason.READ_TIMEOUT: Explanation(
        "No answer in time",
        "The worker accepted the request and did not finish its answer within the time limit.",
        "Look at the worker's log; a long job should answer 202 with a job id.",
    ),
    Reason.WRONG_ENDPOINT_404: Explanation(
        "Wrong path",
        "The host is reachable, but it has nothing at this path.",
        "Correct the path in the secret (for example start_path) or the base path of base_url.",
    ),
    Reason.AUTH_401: Explanation(
        "Key not accepted",
        "The key was refused (401).",
        "Compare the key's fingerprint with the worker's or its provider's and replace it in the vault.",
    ),
    Reason.FORBIDDEN_403: Explanation(
        "Not allowed",
        "The key is known, but it may not do this (403).",
        "Give the key the right role at the worker or its provider, or use another key.",
    ),
    Reason.REDIRECT: Explanation(
        "Redirected",
        "The worker answered with a redirect; Hermes does not follow one with your key.",
        "Put the address it points to into base_url.",
    ),
    Reason.RATE_LIMITED: Explanation(
        "Rate limited",
        "The worker or its provider asks for fewer requests (429).",
        "Wait for the time it names, then run the test again.",
    ),
    Reason.QUOTA_EXCEEDED: Explanation(
        "Quota used up",
        "The provider's quota for this period is used up.",
        "Wait for the next period or raise the quota at the provider.",
    ),
    Reason.SERVER_ERROR_5XX: Explanation(
        "Worker error",
        "The worker answered with a server error (5xx).",
        "Look at the worker's log for the request id shown in the run.",
    ),
    Reason.HTML_APP_SHELL: Explanation(
        "A web page, not a worker",
        "The address answers with HTML: probably a web app's shell or a sign-in page.",
        "Point base_url at the worker's API, not at its web page.",
    ),
    Reason.NOT_JSON: Explanation(
        "Not JSON",
        "The answer is not JSON.",
        "Let the worker answer application/json as the contract says.",
    ),
    Reason.MALFORMED_REPLY: Explanation(
        "Unreadable answer",
        "The answer is broken or has a form that says nothing Hermes can rely on.",
        "Compare the body in the evidence with the worker contract.",
    ),
    Reason.REPLY_TOO_LARGE: Explanation(
        "Answer too large",
        "The answer is larger than Hermes accepts.",
        "Let the worker return figures and short lists, not whole files.",
    ),
    Reason.MISSING_JOB_ID: Explanation(
        "No job id",
        "The worker accepted the job (202) but named no job id, so it cannot be followed.",
        "Let the worker answer 202 with a jobId.",
    ),
    Reason.UNKNOWN_STATUS: Explanation(
        "Unknown status word",
        "The worker reports a status that is not in the contract.",
        "Use queued, running, completed, failed or cancelled.",
    ),
    Reason.JOB_UNKNOWN_TO_WORKER: Explanation(
        "Job forgotten",
        "The worker does not know the job any more; it was probably restarted.",
        "Let the worker keep its jobs over a restart, then run the test again.",
    ),
    Reason.WORKER_FAILED: Explanation(
        "Worker reported failure",
        "The worker itself says that the job failed.",
        "Read its message in the run and its log.",
    ),
    Reason.WORKER_CANCELLED: Explanation(
        "Cancelled by the worker",
        "The worker says that the job was cancelled, and nobody here asked for it.",
        "Find out who cancelled it at the worker, then run the test again.",
    ),
    Reason.DEADLINE_PASSED: Explanation(
        "Deadline passed",
        "The job did not end within the time this service is given.",
        "Look at the worker's progress; raise the deadline in the catalog if the job is honest.",
    ),
    Reason.BUDGET_EXCEEDED: Explanation(
        "Budget exceeded",
        "The run used more items, time, requests or money than its budget allows.",
        "Make the worker respect its smoke payload, or raise the budget in the catalog.",
    ),
    Reason.NO_OUTPUTS: Explanation(
        "Nothing delivered",
        "The worker says it is done but returned none of the promised outputs.",
        "Compare the names in its answer with the expected outputs.",
    ),
    Reason.OUTPUTS_MISSING: Explanation(
        "Outputs missing",
        "Some of the promised outputs did not arrive.",
        "Open the missing outputs: each has its likely reason and next step.",
    ),
    Reason.SAMPLE_DATA_REFUSED: Explanation(
        "Made-up data refused",
        "The answer is marked as sample or mock data, which proves nothing.",
        "Give the worker its real credential, then run the test again.",
    ),
    Reason.START_OUTCOME_UNKNOWN: Explanation(
        "Start not confirmed",
        "The start was sent but its answer was never seen, and the worker cannot be asked twice.",
        "Check at the worker whether the job runs; then start the test again.",
    ),
    Reason.RUNNER_LOST: Explanation(
        "Runner lost",
        "The runner that carried this run stopped, and nothing could be taken up again.",
        "Run the test again.",
    ),
    Reason.NO_BROWSER: Explanation(
        "No browser",
        "This needs a Chromium, and none was found.",
        "Run `hermes browser install`, then run the test again.",
    ),
    Reason.CANCELLED: Explanation(
        "Cancelled",
        "Somebody cancelled this run.",
        "Run it again when you want its answer.",
    ),
    Reason.INTERNAL: Explanation(
        "Hermes failed",
        "Hermes itself could not finish this run; this is a fault of Hermes, not of the worker.",
        "Look at the Hermes log for the run id and report it.",
    ),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure as a value: the reason and one sentence of detail.

    `sent` says that the request may have reached the worker, so what it did is not known.
    """

    reason: Reason
    detail: str
    sent: bool = False

    @property
    def explanation(self) -> Explanation:
        """Label, cause and next step of the reason."""
        return EXPLANATIONS[self.reason]
