"""Log lines that say which job of the worker, and which run of its caller, they are about."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime

_ids: ContextVar[tuple[tuple[str, str], ...]] = ContextVar("ids", default=())
TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def told_of(job_id: str, run_id: str | None) -> None:
    """From here on, the lines of this task are about this job."""
    _ids.set((("workerJobId", job_id), *((("runId", run_id),) if run_id else ())))


def log_to_stderr(*, json_lines: bool) -> None:
    """For a process that serves workers: every line with its ids, one JSON object a line if so asked."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if json_lines else WithIds(TEXT))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class WithIds(logging.Formatter):
    """Text, with the ids at its end."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's own name
        ids = "".join(f" {name}={value}" for name, value in _ids.get())
        return super().formatMessage(record) + ids


class JsonLines(logging.Formatter):
    """The same fields as the lines of the control plane: event, level, timestamp, ids."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        line = {"event": record.getMessage(), "level": record.levelname.lower(), "timestamp": at}
        line |= {"logger": record.name, **dict(_ids.get())}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)
