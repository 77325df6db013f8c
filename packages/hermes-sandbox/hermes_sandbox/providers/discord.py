"""A Discord webhook, which can be read without posting, and its messages, which can be read back."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from hermes_sandbox.providers.keys import Keys
from hermes_sandbox.providers.posts import Posts
from hermes_sandbox.providers.wire import Answer, Asked, Route

PATH = "/api/webhooks/{id}/{token}"
MOST_LETTERS, MOST_EMBEDS = 2000, 10


def _refusal(status: int, code: int, message: str, **more: Any) -> Answer:
    return Answer(status, {"message": message, "code": code, **more})


ERRORS = {
    "unknown_webhook": _refusal(404, 10015, "Unknown Webhook"),
    "invalid_token": _refusal(401, 50027, "Invalid Webhook Token"),
    "rate_limited": Answer(
        429,
        {"message": "You are being rate limited.", "retry_after": 0.3, "global": False},
        {"Retry-After": "1", "X-RateLimit-Scope": "shared"},
    ),
    "server_error": _refusal(500, 0, "500: Internal Server Error"),
}


class Discord:
    """One webhook of one channel."""

    name = "discord"
    errors = ERRORS
    modes = frozenset({"lost"})

    def __init__(self, keys: Keys, posts: Posts) -> None:
        self._id, self._token, self._posts = keys.discord_id, keys.discord_token, posts
        self._messages, self._numbers = dict[str, dict[str, Any]](), count(int(keys.discord_id) + 1)

    def routes(self) -> list[Route]:
        return [
            ("GET", PATH, self._about),
            ("POST", PATH, self._post),
            ("GET", f"{PATH}/messages/{{message}}", self._message),
        ]

    def refuses(self, asked: Asked) -> Answer | None:
        if asked.place["id"] != self._id:
            return ERRORS["unknown_webhook"]
        return None if asked.place["token"] == self._token else ERRORS["invalid_token"]

    def _about(self, _asked: Asked) -> Answer:
        webhook = {
            "id": self._id,
            "type": 1,
            "name": "Hermes",
            "avatar": None,
            "token": self._token,
        }
        return Answer(200, {**webhook, **self._where(), "application_id": None})

    def _where(self) -> dict[str, str]:
        return {"channel_id": str(int(self._id) - 2), "guild_id": str(int(self._id) - 3)}

    def _post(self, asked: Asked) -> Answer:
        message = asked.fields()
        content = message.get("content") or ""
        embeds: list[Any] = message.get("embeds") or []
        if not content and not embeds:
            return _refusal(400, 50006, "Cannot send an empty message")
        if len(content) > MOST_LETTERS or len(embeds) > MOST_EMBEDS:
            wrong = {
                "_errors": [
                    {
                        "code": "BASE_TYPE_MAX_LENGTH",
                        "message": f"Must be {MOST_LETTERS} or fewer in length.",
                    }
                ]
            }
            return _refusal(400, 50035, "Invalid Form Body", errors={"content": wrong})
        message = self._written(content, embeds)
        if asked.fault != "lost":  # `lost` answers with an id under which nothing is found
            self._messages[message["id"]] = message
            self._posts.keep("discord", content, id=message["id"], embeds=embeds)
        if asked.query.get("wait", "").lower() == "true":
            return Answer(200, message)
        return Answer(204, "")

    def _written(self, content: str, embeds: list[Any]) -> dict[str, Any]:
        author = {"id": self._id, "username": "Hermes", "avatar": None, "bot": True}
        return {
            "id": str(next(self._numbers)),
            "type": 0,
            "content": content,
            "channel_id": self._where()["channel_id"],
            "author": {**author, "discriminator": "0000"},
            "embeds": embeds,
            "timestamp": datetime.now(UTC).isoformat(),
            "webhook_id": self._id,
        }

    def _message(self, asked: Asked) -> Answer:
        found = self._messages.get(asked.place["message"])
        return Answer(200, found) if found else _refusal(404, 10008, "Unknown Message")
