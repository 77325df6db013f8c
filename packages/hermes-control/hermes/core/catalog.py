"""The catalog: which services exist, what they promise, and how a small or a full run is requested.

It is data (`catalog.toml`), read and validated whole by `catalog_reader`.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hermes.core.contracts.contract import Contract, compiled
from hermes.core.contracts.reading import squashed
from hermes.core.contracts.rulebook import Rulebook
from hermes_base.problems import not_found

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
Path = Annotated[str, StringConstraints(pattern=r"^/[^\s]*$", max_length=200)]
RunType = Literal["connection", "smoke", "full"]
RUN_TYPES: tuple[RunType, ...] = ("connection", "smoke", "full")

ENVELOPE_WORDS = frozenset(
    {"ok", "service", "version", "time", "status", "job_started", "worker_health"}
)
"""Words of the envelope of an answer: they say that something answered, never that it delivered."""


class Entry(BaseModel):
    """Base of all catalog entries: frozen, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy, without what was worked out from the fields as they were."""
        copied = super().model_copy(update=update, deep=deep)
        for name in vars(copied).keys() - type(self).model_fields.keys():
            vars(copied).pop(name)
        return copied


class LikelyReason(Entry):
    """Why an output is probably missing, and what to do about it."""

    cause: str
    next_step: str


class Fresh(Entry):
    """Which field of a value, or of its rows, says when it was measured, and how old it may be."""

    field: str
    hours: float = Field(default=24, gt=0)


class Elsewhere(Entry):
    """Where well-known reports of others keep an output: a path of names, and the unit used there."""

    path: str
    unit: str = ""


class Output(Entry):
    """One value that a service must return, and the contract that the value must meet.

    `value_schema` (in the catalog: `schema`) is a JSON Schema 2020-12 of the value as it is read: a
    number in its unit, a list of rows with the field names of `rows.toml`, an object, a text. `host`
    says of fields with addresses that they belong to the site, or to others. `no_value` are words
    that stand where a value is missing, beyond the common ones.
    """

    slug: Slug
    label: str
    unit: str = ""
    type: Literal["number", "list", "object", "text", "flag"]
    description: str = ""
    must_not_be_empty: bool = False
    aliases: tuple[str, ...] = ()
    value_schema: dict[str, Any] | None = Field(default=None, alias="schema")
    host: dict[str, Literal["site", "other"]] = Field(default_factory=dict)
    no_value: tuple[str, ...] = ()
    fresh: Fresh | None = None
    elsewhere: tuple[Elsewhere, ...] = ()
    accept_claim: bool = False
    """Take a worker at its word that names the output and gives no value; shown as claimed."""
    severity: Literal["critical", "major", "minor"] = "major"
    reasons: tuple[LikelyReason, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names under which it may arrive, its slug first."""
        return (self.slug, *self.aliases)

    @cached_property
    def contract(self) -> Contract:
        """What a value must keep, compiled. Raises ValueError for a schema that is none."""
        return compiled(self.type, self.value_schema, self.no_value)


class Rule(Entry):
    """What must hold between outputs, and with what was asked: an expression in CEL.

    It reads outputs by slug (numbers as doubles, lists as rows) and `asked`. Only an expression that
    is false breaks the rule; one that misses something it reads says nothing. `refutes` names the
    outputs that do not count then; with severity `doubt` they count, and the sentence stands beside them.
    """

    id: Slug
    sentence: Annotated[str, StringConstraints(pattern=r"^\S.{5,}\.$")]
    holds: str
    refutes: tuple[Slug, ...] = Field(min_length=1)
    severity: Literal["refute", "doubt"] = "refute"
    next_step: str = ""


class ProviderSecret(Entry):
    """A provider credential that a service can use."""

    name: str
    optional: bool = True
    what: str = ""


class Paths(Entry):
    """Where the worker's endpoints stand below its base URL; a secret may override each."""

    health: Path = "/health"
    start: Path = "/start"
    status: Path = "/status"
    cancel: Path | None = "/cancel"


class Budget(Entry):
    """What one run may use. Seconds of wall time; US dollars."""

    items: int | None = Field(default=None, ge=1)
    wall_seconds: float | None = Field(default=None, gt=0)
    requests: int | None = Field(default=None, ge=1)
    cost_usd: float | None = Field(default=None, ge=0)


class ModeSpec(Entry):
    """How a run of one mode is requested: extra payload, time limit of one answer (seconds), deadline of the
    whole run (seconds)."""

    payload: dict[str, Any] = Field(default_factory=dict)
    response_seconds: float = Field(default=30, gt=0, le=600)
    deadline_seconds: float = Field(default=120, gt=0, le=86_400)
    budget: Budget = Budget()
    needs: tuple[str, ...] = ()
    """What whoever starts it must give beside the payload: such a run has no button and no schedule."""

    @property
    def limit_seconds(self) -> float:
        """Seconds that a run may take: its deadline, or its budget where that is less."""
        return min(self.deadline_seconds, self.budget.wall_seconds or self.deadline_seconds)

    @property
    def limit_is_budget(self) -> bool:
        """Whether the budget of time is what ends a run."""
        return self.limit_seconds < self.deadline_seconds


class Service(Entry):
    """One entry of the catalog."""

    slug: Slug
    name: str
    category: str
    purpose: str
    integration_type: Literal["worker", "platform"] = "worker"
    state: Literal["built", "planned"]
    planned_because: str = ""
    bundled: bool = False
    aliases: tuple[Slug, ...] = ()
    secret: str = ""
    requires_site: tuple[str, ...] = ()
    uses_site: tuple[str, ...] = ()
    """Settings of the site that the worker is sent where there are any."""
    requires_secrets: tuple[ProviderSecret, ...] = ()
    expected_outputs: tuple[Slug, ...]
    key_metrics: tuple[Slug, ...] = ()
    supports_async: bool = False
    honours_idempotency: bool = False
    supports_cancel: bool = False
    depends_on: tuple[Slug, ...] = ()
    max_concurrency: int = Field(default=4, ge=1, le=100_000)
    warm_up_seconds: float | None = Field(default=None, ge=0, le=600)
    """How long its host may take to wake; None: 60 s, or none at all on this machine."""
    protected_path: Path | None = None
    """A path that answers 401 or 403 without the key: the connection test asks it both ways."""
    paths: Paths = Paths()
    dialect: str | dict[str, Any] = ""
    """How its worker speaks: the name of a dialect, or a table of its `name`, `values` and changed parts."""
    smoke: ModeSpec | None = None
    full: ModeSpec | None = None
    outputs: tuple[Output, ...] = ()
    rules: tuple[Rule, ...] = ()

    def mode(self, run_type: RunType) -> ModeSpec | None:
        """How a run of this type is requested; None when the service has no such mode."""
        if run_type == "connection":
            return ModeSpec(response_seconds=10, deadline_seconds=60)
        return self.smoke if run_type == "smoke" else self.full

    @property
    def supports_full(self) -> bool:
        """Whether anybody may start a full run, with nothing to give it."""
        return self.full is not None and not self.full.needs

    @cached_property
    def output_names(self) -> frozenset[str]:
        """Every name under which one of its outputs may arrive."""
        return frozenset(name for output in self.outputs for name in output.names)

    @cached_property
    def squashed_names(self) -> frozenset[str]:
        """The same without case and punctuation."""
        return frozenset(map(squashed, self.output_names))

    @cached_property
    def squashed_slugs(self) -> frozenset[str]:
        """The slugs of its outputs without case and punctuation."""
        return frozenset(squashed(output.slug) for output in self.outputs)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules between its outputs, compiled. Raises ValueError for one that is no expression."""
        return Rulebook(self.rules, [output.slug for output in self.outputs])

    @cached_property
    def contract_mark(self) -> str:
        """A mark that changes with the outputs that the service promises, their contracts and its rules."""
        parts = [part.model_dump_json() for part in (*self.outputs, *self.rules)]
        whole = "".join([",".join(self.expected_outputs), *parts])
        return hashlib.blake2b(whole.encode(), digest_size=6).hexdigest()

    def output(self, slug: str) -> Output | None:
        """The output of that slug, or None."""
        return next((o for o in self.outputs if o.slug == slug), None)

    def label(self, slug: str) -> str:
        """The human label of an output slug."""
        found = self.output(slug)
        return found.label if found else slug.replace("_", " ").capitalize()


class Catalog(Entry):
    """The whole catalog, in its order."""

    version: Literal[1]
    services: tuple[Service, ...] = Field(min_length=1)

    def __iter__(self) -> Iterator[Service]:  # type: ignore[override]  # reads as the list it is
        return iter(self.services)

    @cached_property
    def by_name(self) -> dict[str, Service]:
        """Services by slug and alias; a slug wins over an alias."""
        aliases = {alias: service for service in self.services for alias in service.aliases}
        return aliases | {service.slug: service for service in self.services}

    def find(self, name: str) -> Service | None:
        """The service of that slug or alias; dashes and case do not matter."""
        return self.by_name.get(name) or self.by_name.get(name.strip().lower().replace("-", "_"))

    def service(self, name: str) -> Service:
        """The service of that slug or alias. Raises `unknown_service`."""
        found = self.find(name)
        if found is None:
            known = ", ".join(s.slug for s in self.services)
            raise not_found("unknown_service", repr(name), f"Use one of: {known}.")
        return found

    @property
    def workers(self) -> tuple[Service, ...]:
        """Worker services: the fleet, without platform dependencies."""
        return tuple(s for s in self.services if s.integration_type == "worker")

    @property
    def built(self) -> tuple[Service, ...]:
        """Worker services that are built: those that are tested and counted."""
        return tuple(s for s in self.workers if s.state == "built")

    @property
    def platform(self) -> tuple[Service, ...]:
        """Platform dependencies: shown in a strip of their own, not counted in the fleet."""
        return tuple(s for s in self.services if s.integration_type == "platform")


Catalogs = Callable[[], Catalog]
"""The catalog that is in force now: files of an installation may change it."""
