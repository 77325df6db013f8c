"""The requests of a dialect, made for a run: method, address, headers and body, without any key."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from hermes.core.catalog import Service
from hermes.core.dialects.dialect import Dialect, Request
from hermes.core.dialects.templates import Filling, Unfilled, filled, filled_path
from hermes.core.replies.addresses import join, resolve, with_job
from hermes.core.runs.model import ClaimedRun
from hermes.core.worker_config import WorkerConfig
from hermes_base.reasons import Failure, Reason
from hermes_base.value import value

Sent = Mapping[str, Any]
NOTHING: Sent = {}


@value
class Outgoing:
    """One request as it will be sent, but for the key."""

    method: str
    url: str
    headers: dict[str, str]
    body: Any = None


def filling_of(
    service: Service, config: WorkerConfig, run: ClaimedRun | None, payload: Sent, job_id: str = ""
) -> Filling:
    """What the templates of a worker are filled with. `payload`: the whole payload of Hermes' own contract."""
    site = run.site.base_url if run else ""
    names = {
        "service": service.slug,
        "job_id": job_id,
        "payload": payload,
        "callback_url": payload.get("callback_url"),
        "mode": run.run_type if run else "connection",
        "site": site,
        "site_host": urlsplit(site).hostname or "",
        "site_id": str(run.site.id) if run else "",
        "run_id": str(run.id) if run else "",
        "now": run.started_at.isoformat() if run else "",
    }
    settings: Mapping[str, Any] = run.site.settings if run else NOTHING
    return Filling(names, {"payload": payload, "settings": settings, "values": config.values})


def outgoing(
    request: Request, config: WorkerConfig, filling: Filling, path: str
) -> Outgoing | Failure:
    """The request for a run. `path`: where the dialect does not say. A name that the run does not have is
    `missing_config`."""
    try:
        place = filled_path(request.path, filling) if request.path else path
        url = with_query(join(config.base_url, place), filled(request.query, filling))
        headers = {n: str(v) for n, v in filled(request.headers, filling).items()}
        return Outgoing(request.method, url, headers, filled(request.body, filling))
    except Unfilled as error:
        detail = f"The dialect {_name(config)} needs {{{error}}}, which this run does not have."
        return Failure(Reason.MISSING_CONFIG, detail)


def _name(config: WorkerConfig) -> str:
    return config.dialect.name if config.dialect else ""


def with_query(url: str, query: Mapping[str, Any]) -> str:
    """The address with more in its query; lists are repeated, nothing is overwritten."""
    pairs = [
        (name, _plain(each))
        for name, told in query.items()
        for each in (cast("list[Any]", told) if isinstance(told, list) else [told])
    ]
    if not pairs:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(pairs, quote_via=quote)}"


def _plain(told: Any) -> str:
    return str(told).lower() if isinstance(told, bool) else str(told)


def poll_address(
    dialect: Dialect, config: WorkerConfig, filling: Filling, path: str, job_id: str
) -> str | Failure:
    """Where a job is asked for: at the secret's path, else at the dialect's, else at the catalog's."""
    own = config.path("status_path")
    if own or not dialect.poll.path:
        url = with_job(join(config.base_url, own or path), job_id)
        return with_query(url, filled(dialect.poll.query, filling))
    made = outgoing(dialect.poll, config, filling, path)
    return made if isinstance(made, Failure) else made.url


def next_page(told: str, asked: str) -> str | None:
    """The address of the next page of a result, on the worker's own origin."""
    url = resolve(told, asked) if told else None
    return url if url != asked else None
