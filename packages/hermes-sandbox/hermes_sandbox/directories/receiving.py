"""What came with a request, and the clock that the books are kept by."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from hermes_sandbox.directories.controls import Sent


@dataclass(frozen=True, slots=True)
class Received:
    """`fields`: name -> values in their order; `files`: name -> file name and size in bytes."""

    fields: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    files: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])

    @property
    def sent(self) -> Sent:
        """Everything that was sent; a file by its name."""
        return {**self.fields, **{name: [str(file["name"])] for name, file in self.files.items()}}

    def without(self, name: str) -> "Received":
        """The same without one field."""
        rest = {key: values for key, values in self.fields.items() if key != name}
        return Received(rest, self.files)

    def after(self, earlier: "Received") -> "Received":
        """This page's values with those of the pages before it."""
        return Received({**earlier.fields, **self.fields}, {**earlier.files, **self.files})


async def receive(request: web.Request) -> Received:
    """Read a form in either coding."""
    received = Received()
    for name, value in (await request.post()).items():
        if isinstance(value, FileField):
            size = len(value.file.read())
            received.files[name] = {"name": value.filename, "bytes": size}
        elif isinstance(value, str):
            received.fields.setdefault(name, []).append(value)
    return received


def now() -> str:
    """The time in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
