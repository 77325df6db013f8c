"""Safe joins of a worker's base URL and paths: base paths kept, slashes harmless, never /api/api."""

import re
from functools import lru_cache
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

JOB_NAMES = "jobId|job_id|reportId|report_id|runId|run_id|id"
PLACEHOLDER = re.compile(rf"{{(?:{JOB_NAMES})}}|(?<=/):(?:{JOB_NAMES})(?=[/?]|$)")
OPEN_QUERY = re.compile(rf"[?&](?:{JOB_NAMES})=$")
DOUBLED = re.compile(r"/(?:api/)+api(?=/|$)")
NO_IDS = frozenset(
    {
        "",
        "api",
        "v1",
        "v2",
        "status",
        "state",
        "jobs",
        "job",
        "tasks",
        "runs",
        "result",
        "results",
        "start",
    }
)
BEHIND_IDS = frozenset({"status", "state", "result", "results"})
"""What may stand behind the id: `/jobs/7/status`."""
DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=1024)
def join(base_url: str, path: str) -> str:
    """`https://h/base/` + `/start` -> `https://h/base/start`; a doubled `/api` is folded into one."""
    scheme, _, rest = base_url.partition("://")
    path, mark, query = path.partition("?")
    whole = re.sub(r"/{2,}", "/", f"{rest.rstrip('/')}/{path.lstrip('/')}")
    host, slash, below = whole.partition("/")
    return f"{scheme}://{host}{DOUBLED.sub('/api', slash + below)}{mark}{query}"


def with_job(url: str, job_id: str) -> str:
    """The address that asks for one job: `{id}`, `{jobId}`, `:id` ... are filled in, an open
    `?job_id=` is completed, else `?jobId=` is added."""
    name = quote(job_id, safe="")
    if PLACEHOLDER.search(url):
        return PLACEHOLDER.sub(lambda _: name, url)
    if OPEN_QUERY.search(url):
        return url + name
    return f"{url}{'&' if '?' in url else '?'}jobId={name}"


def resolve(address: str, asked: str) -> str | None:
    """An address that a worker named in its answer to `asked`, made absolute; None where it leaves
    the worker's own origin, because our key would go with it."""
    try:
        url = urljoin(asked, address.strip()).partition("#")[0]
    except ValueError:
        return None
    printable = all(32 < ord(c) < 127 for c in url)
    return url if printable and "\\" not in url and same_origin(url, asked) else None


def same_origin(url: str, base_url: str) -> bool:
    """Whether a URL stands on the worker's own scheme, host and port."""
    origin = _origin(url)
    return origin is not None and origin == _origin(base_url)


def _origin(url: str) -> tuple[str, str, int | None] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.username is not None or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or DEFAULT_PORTS.get(parts.scheme)


def job_id_in(url: str) -> str | None:
    """The job id that a status address carries in its query, else in its last segment or before `/status`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    named = next((query[name][0] for name in JOB_NAMES.split("|") if name in query), "")
    last = [unquote(part) for part in parts.path.split("/") if part][-2:]
    if len(last) == 2 and last[1] in BEHIND_IDS:
        last = last[:1]
    return named or (last[-1] if last and last[-1] not in NO_IDS else None)
