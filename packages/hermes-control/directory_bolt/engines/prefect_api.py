"""The way to Prefect's server: its client, and its troubles in one sentence (extra `prefect`).

Prefect takes seconds to import, so nothing of it is imported before it is asked.
"""

# An edge: Prefect is an extra, and its client is not typed to the end.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingImports=false
import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from directory_bolt.engines.flow import FlowAwayError

FLOW = "process_job"
DEPLOYMENT = f"{FLOW}/production"
POOL = "hermes"
PATIENCE = 20.0  # seconds, for all that is asked at once


@asynccontextmanager
async def prefect_api(url: str = "") -> AsyncGenerator[Any]:
    """Prefect's client; "" means as Prefect's own configuration says. Raises `FlowAwayError`."""
    speak_plainly()
    try:
        import httpx  # noqa: PLC0415  # an extra
        from prefect.client.orchestration import get_client  # noqa: PLC0415
        from prefect.exceptions import PrefectHTTPStatusError  # noqa: PLC0415
        from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415
    except ImportError as error:
        raise FlowAwayError("Prefect is not installed: install hermes-control[prefect]") from error
    where = url or str(PREFECT_API_URL.value() or "")
    if not where:  # Prefect would start a server of its own, which nobody else sees
        raise FlowAwayError("no Prefect server is configured: set HERMES_PREFECT_API_URL")
    try:
        with temporary_settings({PREFECT_API_URL: where}):
            async with asyncio.timeout(PATIENCE), get_client() as client:
                yield client
    except PrefectHTTPStatusError as error:
        status = error.response.status_code
        raise FlowAwayError(f"the Prefect server at {_shown(where)} returned {status}") from error
    except (httpx.HTTPError, OSError, TimeoutError) as error:
        message = f"the Prefect server at {_shown(where)} cannot be reached: {type(error).__name__}"
        raise FlowAwayError(message) from error


def speak_plainly() -> None:
    """No word of this machine to Prefect's makers, unless its operator wants it."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")


def _shown(url: str) -> str:
    """An address without credentials."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
