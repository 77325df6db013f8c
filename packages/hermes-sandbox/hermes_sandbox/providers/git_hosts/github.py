"""GitHub's REST API as far as pull requests need it."""

from typing import Any

from hermes_sandbox.providers.git_hosts.repositories import BRANCH, Repositories, Request
from hermes_sandbox.providers.wire import Answer, Asked, Route

DOCS = "https://docs.github.com/rest"


def _refusal(code: int, message: str, **more: Any) -> Answer:
    return Answer(
        code, {"message": message, "documentation_url": DOCS, "status": str(code), **more}
    )


NOT_FOUND = _refusal(404, "Not Found")
ERRORS = {
    "forbidden": _refusal(403, "Resource not accessible by personal access token"),
    "archived": _refusal(403, "Repository was archived so is read-only."),
    "rate_limited": Answer(
        403,
        {"message": "API rate limit exceeded for user ID 1.", "documentation_url": DOCS},
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1790000000"},
    ),
    "not_found": NOT_FOUND,
    "server_error": _refusal(500, "Server Error"),
}


class GitHub:
    """The repositories of one owner, opened by one token."""

    name = "github"
    errors = ERRORS
    modes = frozenset[str]()

    def __init__(self, token: str, repositories: Repositories) -> None:
        self._token, self._repositories = token, repositories

    def routes(self) -> list[Route]:
        place = "/repos/{owner}/{name}"
        return [
            ("GET", place, self._repository),
            ("POST", f"{place}/pulls", self._open),
            ("GET", f"{place}/pulls/{{number}}", self._one),
            ("PATCH", f"{place}/pulls/{{number}}", self._change),
            ("DELETE", f"{place}/git/refs/heads/{{branch:.+}}", self._drop),
        ]

    def refuses(self, asked: Asked) -> Answer | None:
        if asked.bearer() != self._token:
            return _refusal(401, "Bad credentials")
        self._repositories.open()  # with the first request, since few tests need them
        return None if _name(asked) in self._repositories.requests else NOT_FOUND

    def _repository(self, asked: Asked) -> Answer:
        name = _name(asked)
        clone = (self._repositories.folder / f"{name}.git").as_uri()
        facts = {"full_name": name, "default_branch": BRANCH, "clone_url": clone, "archived": False}
        return Answer(200, {**facts, "permissions": {"push": True, "pull": True}})

    def _open(self, asked: Asked) -> Answer:
        fields, name = asked.fields(), _name(asked)
        words = (str(fields.get(each, "")) for each in ("head", "base", "title", "body"))
        made = self._repositories.ask(name, *words)
        if made is None:
            return _refusal(
                422, "Validation Failed", errors=[{"resource": "PullRequest", "code": "invalid"}]
            )
        return Answer(201, self._told(asked, made))

    def _one(self, asked: Asked) -> Answer:
        found = self._found(asked)
        return Answer(200, self._told(asked, found)) if found else NOT_FOUND

    def _change(self, asked: Asked) -> Answer:
        found = self._found(asked)
        if found is None:
            return NOT_FOUND
        if asked.fields().get("state") == "closed" and found.state == "open":
            found.state = "closed"
        return Answer(200, self._told(asked, found))

    def _drop(self, asked: Asked) -> Answer:
        gone = self._repositories.drop(_name(asked), asked.place["branch"])
        return Answer(204, b"") if gone else _refusal(422, "Reference does not exist")

    def _found(self, asked: Asked) -> Request | None:
        number = asked.place["number"]
        known = self._repositories.requests[_name(asked)]
        return next((each for each in known if str(each.number) == number), None)

    def _told(self, asked: Asked, found: Request) -> dict[str, Any]:
        return {
            "number": found.number,
            "html_url": f"https://github.com/{_name(asked)}/pull/{found.number}",
            "state": "open" if found.state == "open" else "closed",
            "merged_at": "2026-11-20T10:00:00Z" if found.state == "merged" else None,
            "title": found.title,
            "body": found.body,
            "head": {"ref": found.branch},
            "base": {"ref": found.onto},
        }


def _name(asked: Asked) -> str:
    return f"{asked.place['owner']}/{asked.place['name']}"
