"""The closed list of causes: each with the hop that it breaks, a sentence, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a hop is broken."""

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


@dataclass(frozen=True, slots=True)
class Explanation:
    """`hop` as "from -> to"; `text` is the likely cause, `next_step` what to do about it."""

    hop: str
    text: str
    next_step: str


WORKER, DATABASE = "Worker -> database", "every process -> database"
HAND_OVER, QUEUED = "web (relay) -> brain", "brain -> queue"
ENGINE, LIVE = "subscriber -> flow engine", "database -> dashboard (live)"

CAUSES: dict[Cause, Explanation] = {
    Cause.WEB_AWAY: Explanation(
        "customer -> web", "The web server does not answer at this address.",
        "Start it (hermes up or hermes serve), or correct --url / HERMES_URL.",
    ),
    Cause.ACCESS: Explanation(
        "dashboard -> web", "The API token is refused, or its role may not read orders.",
        "Set HERMES_TOKEN to a token of that Hermes for all sites, made under Settings > Tokens.",
    ),
    Cause.DATABASE_AWAY: Explanation(
        DATABASE, "The database does not answer.", "Start it, or correct HERMES_DATABASE_URL."
    ),
    Cause.DATABASE_READ_ONLY: Explanation(
        DATABASE, "The database answers but only reads: a standby, a full disk's protection,"
        " or default_transaction_read_only.",
        "Point HERMES_DATABASE_URL to the primary, or let the database write again.",
    ),
    Cause.STRIPE_NOT_CONFIGURED: Explanation(
        "customer -> webhook", "The web server has no webhook signing secret.",
        "Set HERMES_STRIPE_WEBHOOK_SECRET where `hermes serve` runs.",
    ),
    Cause.SIGNATURE: Explanation(
        "customer -> webhook", "The signing secret used here is not the web server's.",
        "Set HERMES_STRIPE_WEBHOOK_SECRET here to the endpoint's own secret (whsec_...).",
    ),
    Cause.WEBHOOK_REFUSED: Explanation(
        "customer -> webhook", "The webhook took the payment for something else than a new order.",
        "Read what it said; compare the versions of Hermes here and there.",
    ),
    Cause.RELAY_DOWN: Explanation(
        HAND_OVER, "Nothing hands orders over: the relay runs inside `hermes serve`.",
        "Read web.log; restart `hermes serve`.",
    ),
    Cause.BRAIN_DOWN: Explanation(
        HAND_OVER, "No brain is running.", "Start it: hermes brain (or hermes up); read brain.log."
    ),
    Cause.BRAIN_WRONG_HOST: Explanation(
        HAND_OVER, "Wrong host: what stands at the brain's address is not the brain.",
        "Correct HERMES_BRAIN_URL where `hermes serve` runs.",
    ),
    Cause.BRAIN_WITHOUT_ROUTE: Explanation(
        HAND_OVER, "The brain stands there, but one of its routes is missing.",
        "Deploy this version of the brain; let its proxy pass /health and /api/jobs/enqueue.",
    ),
    Cause.BRAIN_REFUSES: Explanation(
        HAND_OVER, "The brain refuses the relay's token.",
        "Give both processes the same HERMES_HOME, or the same HERMES_BRAIN_TOKEN.",
    ),
    Cause.BRAIN_OTHER_DATABASE: Explanation(
        HAND_OVER, "The brain does not know the order: it works on another database.",
        "Give brain and web server the same HERMES_DATABASE_URL.",
    ),
    Cause.QUEUE_AWAY: Explanation(
        QUEUED, "The queue cannot be reached, or refuses these credentials.",
        "Check HERMES_SQS_ENDPOINT_URL, HERMES_SQS_REGION and the AWS credentials.",
    ),
    Cause.QUEUE_NAME: Explanation(
        QUEUED, "There is no queue of this name in this region and account.",
        "Correct HERMES_SQS_QUEUE_NAME or HERMES_SQS_REGION, or create the queue.",
    ),
    Cause.OTHER_QUEUE: Explanation(
        "queue -> subscriber", "A subscriber is running, but it does not get this queue's messages.",
        "Give brain and subscriber the same HERMES_QUEUE, HERMES_SQS_QUEUE_NAME and region.",
    ),
    Cause.MESSAGE_KEPT: Explanation(
        "queue -> subscriber", "The message was handed over but not deleted.",
        "Check that the subscriber may delete messages (sqs:DeleteMessage); read subscriber.log.",
    ),
    Cause.SUBSCRIBER_DOWN: Explanation(
        "queue -> subscriber", "No subscriber is running.",
        "Start it: hermes subscriber (or hermes up); read subscriber.log.",
    ),
    Cause.FLOW_ENGINE_AWAY: Explanation(
        ENGINE, "The flow engine cannot be reached.",
        "Start it, or correct HERMES_PREFECT_API_URL / PREFECT_API_URL.",
    ),
    Cause.DEPLOYMENT_MISSING: Explanation(
        ENGINE, "The flow engine answers, but its deployment process_job/production is missing or paused.",
        "Run: hermes prefect deploy; or resume it in Prefect.",
    ),
    Cause.WORKER_DOWN: Explanation(
        "flow engine -> worker", "No flow worker is running.",
        "Start it: hermes flow-worker (or hermes up); read flow-worker.log.",
    ),
    Cause.WORKER_STALLED: Explanation(
        "worker -> directories", "A flow worker is running, but the order does not get on.",
        "Read flow-worker.log for this order's id.",
    ),
    Cause.NO_BROWSER: Explanation(
        "worker -> directories", "The flow worker has no browser.",
        "Run on the worker's machine: hermes browser install",
    ),
    Cause.NO_LISTING: Explanation(
        "worker -> directories", "No directory confirmed the submission.",
        "Open the order's directories on the staff dashboard: each says why.",
    ),
    Cause.MONITOR_DOWN: Explanation(
        "processes -> monitor", "No monitor is running: what gets stuck is told to nobody.",
        "Start it: hermes monitor (or hermes up).",
    ),
    Cause.LIVE_CUT: Explanation(
        LIVE, "The stream of live changes is cut or held back on its way (proxy buffering).",
        "Let the proxy pass text/event-stream at once, without buffering or compression.",
    ),
    Cause.LIVE_UNHEARD: Explanation(
        LIVE, "The web server does not hear its database: LISTEN is lost (a transaction pooler?).",
        "Connect to PostgreSQL directly or through a session pooler.",
    ),
    Cause.DASHBOARD: Explanation(
        "database -> dashboard", "The staff dashboard does not show what is in the database.",
        "Compare the versions of Hermes and the databases behind web server and worker.",
    ),
    Cause.LOG_LINE: Explanation(
        "process -> log", "The line is not in the process's log.",
        "Check that the logs of this machine are those of the processes that were at work.",
    ),
    Cause.LEFT_BEHIND: Explanation(
        "verification -> clean-up", "The order of this verification could not be taken away.",
        "Delete it: DELETE /api/staff/jobs/{id} with a token of the role operator.",
    ),
    Cause.STALLED: Explanation(
        "order", "The order does not get on, and no process says why.",
        "Read the logs of web, brain, subscriber and flow worker for this order's id.",
    ),
}  # fmt: skip
