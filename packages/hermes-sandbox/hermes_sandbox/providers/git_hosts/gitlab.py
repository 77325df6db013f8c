"""GitLab's REST API as far as merge requests need it."""

from typing import Any

from hermes_sandbox.providers.git_hosts.repositories import BRANCH, Repositories, Request
from hermes_sandbox.providers.wire import Answer, Asked, Route


def _refusal(code: int, message: Any) -> Answer:
    return Answer(code, {"message": message})


NOT_FOUND = _refusal(404, "404 Project Not Found")
ERRORS = {
    "forbidden": _refusal(403, "403 Forbidden"),
    "rate_limited": Answer(429, "Retry later\n", {"Retry-After": "30"}, "text/plain"),
    "not_found": NOT_FOUND,
    "server_error": _refusal(500, "500 Internal Server Error"),
}


class GitLab:
    """The projects of one group, opened by one token."""

    name = "gitlab"
    errors = ERRORS
    modes = frozenset[str]()

    def __init__(self, token: str, repositories: Repositories) -> None:
        self._token, self._repositories = token, repositories

    def routes(self) -> list[Route]:
        place = "/api/v4/projects/{project}"
        return [
            ("GET", place, self._project),
            ("POST", f"{place}/merge_requests", self._open),
            ("GET", f"{place}/merge_requests/{{number}}", self._one),
            ("PUT", f"{place}/merge_requests/{{number}}", self._change),
            ("DELETE", f"{place}/repository/branches/{{branch}}", self._drop),
        ]

    def refuses(self, asked: Asked) -> Answer | None:
        if asked.headers.get("PRIVATE-TOKEN") != self._token:
            return _refusal(401, "401 Unauthorized")
        self._repositories.open()  # with the first request, since few tests need them
        return None if asked.place["project"] in self._repositories.requests else NOT_FOUND

    def _project(self, asked: Asked) -> Answer:
        name = asked.place["project"]
        clone = (self._repositories.folder / f"{name}.git").as_uri()
        facts = {"id": 7, "path_with_namespace": name, "default_branch": BRANCH}
        return Answer(200, {**facts, "http_url_to_repo": clone})

    def _open(self, asked: Asked) -> Answer:
        fields = asked.fields()
        words = (
            str(fields.get(each, ""))
            for each in ("source_branch", "target_branch", "title", "description")
        )
        made = self._repositories.ask(asked.place["project"], *words)
        if made is None:
            return _refusal(400, {"base": ["Source branch does not exist"]})
        return Answer(201, self._told(asked, made))

    def _one(self, asked: Asked) -> Answer:
        found = self._found(asked)
        return Answer(200, self._told(asked, found)) if found else _refusal(404, "404 Not found")

    def _change(self, asked: Asked) -> Answer:
        found = self._found(asked)
        if found is None:
            return _refusal(404, "404 Not found")
        if asked.fields().get("state_event") == "close" and found.state == "open":
            found.state = "closed"
        return Answer(200, self._told(asked, found))

    def _drop(self, asked: Asked) -> Answer:
        gone = self._repositories.drop(asked.place["project"], asked.place["branch"])
        return Answer(204, b"") if gone else _refusal(404, "404 Branch Not Found")

    def _found(self, asked: Asked) -> Request | None:
        known = self._repositories.requests[asked.place["project"]]
        return next((each for each in known if str(each.number) == asked.place["number"]), None)

    def _told(self, asked: Asked, found: Request) -> dict[str, Any]:
        return {
            "iid": found.number,
            "web_url": f"https://gitlab.com/{asked.place['project']}/-/merge_requests/{found.number}",
            "state": "opened" if found.state == "open" else found.state,
            "merged_at": "2026-11-20T10:00:00.000Z" if found.state == "merged" else None,
            "title": found.title,
            "description": found.body,
            "source_branch": found.branch,
            "target_branch": found.onto,
        }
