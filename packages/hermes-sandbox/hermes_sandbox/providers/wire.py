"""What passes between a stand-in and its caller: a request read whole, and one answer."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, cast

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. `body`: text and bytes go out as they are, anything else as JSON."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    content_type: str = JSON

    def content(self) -> bytes:
        """The bytes on the wire."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `url` has no query, `place` holds the named parts of the path."""

    url: str = ""
    place: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    fault: str = ""

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; empty where it is none."""
        found = self.json()
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    def bearer(self) -> str:
        """The token of an Authorization header; empty where there is none."""
        scheme, _space, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def basic(self) -> str:
        """`login:password` of an Authorization header; empty where there is none."""
        scheme, _space, coded = self.headers.get("Authorization", "").partition(" ")
        try:
            return b64decode(coded).decode() if scheme.lower() == "basic" else ""
        except ValueError:
            return ""


Reply: TypeAlias = Callable[[Asked], Answer]
Route: TypeAlias = tuple[str, str, Reply]


class StandIn(Protocol):
    """One provider. `errors` replace every answer; `modes` change what the provider itself says."""

    @property
    def name(self) -> str: ...
    @property
    def errors(self) -> Mapping[str, Answer]: ...
    @property
    def modes(self) -> frozenset[str]: ...
    def routes(self) -> Sequence[Route]:
        """Method, path below `/{name}`, and who answers."""
        ...

    def refuses(self, asked: Asked) -> Answer | None:
        """The provider's own answer to a wrong key; None to a right one."""
        ...


SLOW = "slow"
EVERYWHERE = {
    "html": Answer(200, "<!doctype html><title>App</title><div id=root></div>", {}, HTML),
    "broken_json": Answer(200, '{"rows": [{"keys": ['),
    "redirect": Answer(302, "", {"Location": "/elsewhere"}, HTML),
    "gateway": Answer(502, "<html><h1>502 Bad Gateway</h1></html>", {}, HTML),
}
"""Faults of the way there, which every provider on HTTP can have."""
