"""A Slack incoming webhook: `ok`, or one word for what is wrong."""

import json
from typing import Any, cast
from urllib.parse import parse_qs

from hermes_sandbox.providers.keys import Keys
from hermes_sandbox.providers.posts import Posts
from hermes_sandbox.providers.wire import Answer, Asked, Route

PLAIN = "text/plain; charset=utf-8"
PATH = "/services/{team}/{service}/{token}"


def _word(status: int, word: str, **headers: str) -> Answer:
    return Answer(status, word, headers, PLAIN)


ERRORS = {
    "invalid_payload": _word(400, "invalid_payload"),
    "user_not_found": _word(400, "user_not_found"),
    "action_prohibited": _word(403, "action_prohibited"),
    "invalid_token": _word(403, "invalid_token"),
    "channel_not_found": _word(404, "channel_not_found"),
    "no_service": _word(404, "no_service"),
    "no_team": _word(404, "no_team"),
    "channel_is_archived": _word(410, "channel_is_archived"),
    "rate_limited": _word(429, "rate_limited", **{"Retry-After": "1"}),
    "rollup_error": _word(500, "rollup_error"),
}


class Slack:
    """One webhook of one workspace. Slack lets nobody read a webhook back; `Posts` does."""

    name = "slack"
    errors = ERRORS
    modes = frozenset({"lost"})

    def __init__(self, keys: Keys, posts: Posts) -> None:
        self._team, self._service = keys.slack_team, keys.slack_service
        self._token, self._posts = keys.slack_token, posts

    def routes(self) -> list[Route]:
        return [("POST", PATH, self._post)]

    def refuses(self, asked: Asked) -> Answer | None:
        known = (("team", self._team), ("service", self._service), ("token", self._token))
        words = ("no_team", "no_service", "invalid_token")
        wrong = [
            word
            for (part, right), word in zip(known, words, strict=True)
            if asked.place[part] != right
        ]
        return ERRORS[wrong[0]] if wrong else None

    def _post(self, asked: Asked) -> Answer:
        message = _payload(asked)
        if message is None:
            return ERRORS["invalid_payload"]
        if not any(message.get(part) for part in ("text", "blocks", "attachments")):
            return _word(400, "no_text")
        if asked.fault != "lost":  # `lost` accepts and delivers nothing
            self._posts.keep("slack", str(message.get("text", "")), blocks=message.get("blocks"))
        return _word(200, "ok")


def _payload(asked: Asked) -> dict[str, Any] | None:
    """JSON, or a form whose field `payload` holds JSON."""
    message = asked.json()
    if message is None:
        try:
            message = json.loads(parse_qs(asked.body.decode())["payload"][0])
        except (KeyError, ValueError):
            return None
    return cast("dict[str, Any]", message) if isinstance(message, dict) else None
