"""A dialect in words, for `hermes dialects show` and the documentation: written from its file alone."""

from collections.abc import Iterator, Mapping

from hermes.core.dialects.dialect import Accepted, Dialect, Key, Poll, Request, Result, States

KEYS = {
    "contract": "as `Authorization: Bearer` and `x-api-key`",
    "basic": "as Basic authentication (`user:password`)",
    "none": "not at all",
}


def page(dialect: Dialect) -> str:
    """A section of Markdown."""
    head = [f"## {dialect.title}", f"`{dialect.name}`. {dialect.speaks}".strip()]
    if dialect.setup:
        head.append(dialect.setup)
    if dialect.values:
        rows = "\n".join(f"- `{name}`: {_value(dialect, name)}" for name in dialect.values)
        head.append(f"Values:\n{rows}")
    rows = "\n".join(f"| {what} | {how} |" for what, how in lines(dialect))
    head.append(f"| step | what Hermes does |\n|---|---|\n{rows}")
    if dialect.source:
        head.append(f"Source: {dialect.source}.")
    return "\n\n".join(head) + "\n"


def _value(dialect: Dialect, name: str) -> str:
    value = dialect.values[name]
    return value.what + ("" if value.default is None else f" (default: `{value.default}`)")


def lines(dialect: Dialect) -> Iterator[tuple[str, str]]:
    """(step, what Hermes does), in the order of a job's life."""
    yield (
        "start",
        _request(dialect.start, "the catalog's path")
        + ("; the response is the result" if dialect.start.at_once else ""),
    )
    yield "key", _key(dialect.key)
    if dialect.accepted is not None:
        yield "accepted", _accepted(dialect.accepted)
    if not dialect.start.at_once:
        yield "status", _poll(dialect.poll)
    yield from _words(dialect.poll.states)
    if told := _progress(dialect.poll):
        yield "progress", told
    if dialect.poll.error:
        yield "error", f"`{_cell(dialect.poll.error)}`"
    yield "result", _result(dialect.result)
    for slug, place in dialect.outputs.items():
        yield f"output `{slug}`", f"`{_cell(place)}`"
    yield (
        "cancel",
        _request(dialect.cancel, "the catalog's path") if dialect.cancel else "not possible",
    )
    yield (
        "health",
        (
            _request(dialect.health, "")
            if dialect.health.path
            else "asks for a job that does not exist"
        ),
    )


def _request(request: Request, without: str) -> str:
    query = "&".join(f"{name}={told}" for name, told in request.query.items())
    path = f"`{request.path}{'?' if query else ''}{query}`" if request.path else without
    return f"{request.method} {_cell(path)}"


def _key(key: Key) -> str:
    if key.where == "header":
        return f"in `{key.name}`" + (f" after `{key.prefix.strip()}`" if key.prefix else "")
    return f"in the query as `{key.name}`" if key.where == "query" else KEYS[key.where]


def _accepted(told: Accepted) -> str:
    if told.ours:
        return "the job goes by the id of the run"
    parts = [f"id at `{_cell(told.id)}`"] if told.id else []
    parts += [f"address at `{_cell(told.address)}`"] if told.address else []
    parts += [f"address in the header `{name}`" for name in told.headers]
    return ", ".join(parts)


def _poll(poll: Poll) -> str:
    where = _request(poll, "the address that the worker returned")
    return f"{where}; status at `{_cell(poll.status)}`" if poll.status else where


def _words(states: States) -> Iterator[tuple[str, str]]:
    told: Mapping[str, tuple[str, ...]] = states.model_dump()
    for state, words in told.items():
        if words:
            yield state.replace("_", " "), ", ".join(f"`{word}`" for word in words)


def _progress(poll: Poll) -> str:
    told: Mapping[str, str] = poll.progress.model_dump(exclude={"unit"})
    return ", ".join(f"{name} `{_cell(place)}`" for name, place in told.items() if place)


def _result(result: Result | None) -> str:
    if result is None:
        return "in the status response"
    parts = [f"address at `{_cell(result.address)}`"] if result.address else []
    parts += [_request(result, "")] if result.path else []
    parts += [f"at `{_cell(result.inside)}`"] if result.inside else []
    parts += ["texts are read as JSON"] if result.json_text else []
    parts += [f"next page at `{_cell(result.next_page)}`"] if result.next_page else []
    return ", ".join(parts) or "in the status response"


def _cell(text: str) -> str:
    """A text in a cell of a table of Markdown."""
    return text.replace("|", "\\|")
