"""Safe joins of a worker's base URL and paths: base paths kept, slashes harmless, never /api/api."""

from urllib.parse import quote, urlencode, urlsplit


def join(base_url: str, path: str) -> str:
    """`https://h/base/` + `/start` -> `https://h/base/start`; a doubled `/api` is folded into one."""
    base = base_url.rstrip("/")
    path = "/" + path.lstrip("/")
    if base.endswith("/api") and (path == "/api" or path.startswith("/api/")):
        path = path.removeprefix("/api")
    return base + path


def with_job(url: str, job_id: str) -> str:
    """The address that asks for one job: `{id}` is filled in, else `?jobId=` is added."""
    if "{id}" in url:
        return url.replace("{id}", quote(job_id, safe=""))
    name = "jobId"
    for known in ("jobId", "job_id", "reportId", "report_id", "runId", "run_id", "id"):
        if url.endswith(f"?{known}="):
            return url + quote(job_id, safe="")
    return f"{url}{'&' if '?' in url else '?'}{urlencode({name: job_id})}"


def same_origin(url: str, base_url: str) -> bool:
    """Whether a URL stands on the worker's own scheme, host and port."""
    a, b = urlsplit(url), urlsplit(base_url)
    return (a.scheme, a.netloc) == (b.scheme, b.netloc)
