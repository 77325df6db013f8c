"""A dialect: how an API takes a job, how it is asked for it, and where its outputs stand.

Every part may be left out. What a dialect does not say is sent and read as in Hermes' own contract, so an empty
dialect is that contract.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from hermes.core.dialects.expressions import Expression
from hermes.core.dialects.templates import PathTemplate, Template, names_in

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,60}$")]
State = Literal["queued", "running", "completed", "partly", "failed", "cancelled"]
Sentence = Annotated[str, StringConstraints(max_length=400)]


def _words(told: Any) -> Any:
    """Words of a state as texts: numbers and flags are compared as they are written."""
    if not isinstance(told, list | tuple):
        return told
    return tuple(str(word).lower() if isinstance(word, bool) else str(word) for word in told)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # what a file holds


Words = Annotated[tuple[str, ...], BeforeValidator(_words), Field(max_length=60)]


class Part(BaseModel):
    """Base of a dialect's parts: frozen, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Value(Part):
    """A word that each worker's secret gives, such as the name of a repository: what it is, and what holds without
    one."""

    what: Sentence
    default: str | int | bool | None = None


class Key(Part):
    """Where the key goes: in a header behind a prefix, as the password or the name of Basic authentication, or in the
    query. The default is what Hermes' contract says: `Authorization: Bearer` and `x-api-key`."""

    where: Literal["contract", "header", "basic", "query", "none"] = "contract"
    name: HeaderName = "Authorization"
    prefix: Annotated[str, StringConstraints(max_length=30)] = ""
    user: Annotated[str, StringConstraints(max_length=100)] = ""
    """Of Basic: the user beside the key. Empty: the key is itself `user:password`, or stands as the user."""


class Request(Part):
    """One request: method, path below the worker's address, headers, query and JSON body."""

    method: Method = "GET"
    path: PathTemplate = ""
    headers: Annotated[dict[HeaderName, Template], Field(max_length=20)] = Field(
        default_factory=dict[str, Any]
    )
    query: Annotated[dict[str, Template], Field(max_length=40)] = Field(
        default_factory=dict[str, Any]
    )
    body: Template = None


class Start(Request):
    """The request that starts a job. `at_once`: its answer is the result. `repeatable`: the API starts one job for one
    Idempotency-Key."""

    method: Method = "POST"
    at_once: bool = False
    repeatable: bool = False


class Accepted(Part):
    """Where the answer to a start says which job was taken: its id, the address of its status, and seconds to wait."""

    id: Expression = ""
    ours: bool = False
    """The job goes by the id of the run, which stands in the start."""
    address: Expression = ""
    headers: tuple[HeaderName, ...] = ()
    retry_after: Expression = ""


class Progress(Part):
    """Where an answer says how far a job is: percent (0-100), a fraction (0-1), `done` of `total`, or a text "4/10"."""

    percent: Expression = ""
    fraction: Expression = ""
    done: Expression = ""
    total: Expression = ""
    text: Expression = ""
    unit: Annotated[str, StringConstraints(max_length=30)] = ""


class States(Part):
    """The API's own words for each state. A word that is in none is looked up in the words that Hermes knows."""

    queued: Words = ()
    running: Words = ()
    completed: Words = ()
    partly: Words = ()
    failed: Words = ()
    cancelled: Words = ()
    no_such_job: Words = ()


class Poll(Request):
    """How a job is asked for, and what the answer says of it.

    `find` is where the job stands in the answer, for all other expressions; `absent` the state without a word,
    `otherwise` that of a word in no state. `next_address`: another address to ask from now on. `history`: errors beside
    the word belong to earlier attempts, and say nothing against a job that is completed.
    """

    find: Expression = ""
    id: Expression = ""
    """The job's own id, of an API whose start does not tell it."""
    status: Expression = ""
    states: States = States()
    absent: State | None = None
    otherwise: State | None = None
    progress: Progress = Progress()
    phase: Expression = ""
    error: Expression = ""
    retry_after: Expression = ""
    next_address: Expression = ""
    history: bool = False


class Result(Request):
    """Where the result of a finished job stands: in the status (`inside`), at an address that it names (`address`), or
    at a path of its own. `json_text`: texts in it are JSON. `next_page`: the address of the next page of a list."""

    address: Expression = ""
    inside: Expression = ""
    json_text: bool = False
    lines: bool = False
    """The answer may be JSON lines: a list of their values."""
    next_page: Expression = ""


class Cancel(Request):
    """How a job is cancelled. `confirms`: a good answer ends the job. `then`: words of the status that mean cancelled
    once that was asked for; `gone`: a job that is no longer found is cancelled."""

    method: Method = "POST"
    confirms: bool = False
    then: Words = ()
    gone: bool = False


class Health(Request):
    """What a connection test asks. Without a path it asks for a job that nobody has. `well`: what must be true in the
    answer, which then is JSON."""

    well: Expression = ""


class Dialect(Part):
    """How an API speaks."""

    name: Name
    title: Annotated[str, StringConstraints(min_length=3, max_length=100)]
    source: Sentence = ""
    speaks: Sentence = ""
    setup: Annotated[str, StringConstraints(max_length=2000)] = ""
    """What whoever uses it must do at the API, for the docs."""
    values: Annotated[dict[Name, Value], Field(max_length=30)] = Field(
        default_factory=dict[str, Value]
    )
    key: Key = Key()
    start: Start = Start()
    accepted: Accepted | None = None
    poll: Poll = Poll()
    result: Result | None = None
    outputs: Annotated[dict[Name, Expression], Field(max_length=200)] = Field(
        default_factory=dict[str, str]
    )
    cancel: Cancel | None = None
    health: Health = Health()

    @model_validator(mode="after")
    def _values_are_described(self) -> "Dialect":
        used = {
            name.removeprefix("values.") for name in self._names() if name.startswith("values.")
        }
        unknown = sorted(used - self.values.keys())
        if unknown:
            raise ValueError(f"{{values.{unknown[0]}}} has no entry in [values]")
        return self

    def _names(self) -> set[str]:
        requests = [self.start, self.poll, self.result, self.cancel, self.health]
        found = set[str]()
        for request in requests:
            if request is not None:
                found |= names_in([request.path, request.headers, request.query, request.body])
        return found
