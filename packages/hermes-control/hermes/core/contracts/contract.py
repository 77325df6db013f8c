"""The contract of one output, compiled: whether a value keeps it, and in what words it does not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from jsonschema_rs import Draft202012Validator, ValidationError

from hermes.core.contracts.figures import number_of
from hermes.core.contracts.no_values import is_no_value, plain, says_nothing
from hermes.core.contracts.reading import Shape, read, rows_of, shape_of

MOST_SHOWN = 120
"""Characters of a value that are quoted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value: a sentence, and the part of it that shows it."""

    says: str
    shows: Any = None
    rule: str = "contract"


@dataclass(frozen=True, slots=True)
class Contract:
    """What a value of one output must be. `kind` is the type of the output in the catalog."""

    kind: str
    shape: Shape | None
    validator: Draft202012Validator | None
    no_value: frozenset[str] = field(default_factory=frozenset[str])
    schema: dict[str, Any] | None = None
    """The whole of it, with the type that the output has anyway."""

    def read(self, value: Any) -> Any:
        """The value in the form that the contract, the rules and the hosts are written for."""
        if self.kind == "list" and not isinstance(value, list):
            rows = rows_of(value)
            value = [value] if rows is None else rows
        elif self.kind == "object" and isinstance(value, list):
            value = _as_object(cast("list[Any]", value), self.shape)
        return read(value, self.shape)

    def fault(self, value: Any, form: Any) -> Fault | None:
        """What is wrong with a value as it came, and in the form of `read`; None where it is kept."""
        if isinstance(value, str) and self.kind == "text" and is_no_value(value, self.no_value):
            return Fault("is a word where a value is due", value, "no_value")
        if self.kind == "list":
            rows = cast("list[Any]", value) if isinstance(value, list) else rows_of(value)
            if rows and (fault := _fault_of_rows(rows)):
                return fault
        if self.kind == "object" and (fault := _fault_of_object(value)):
            return fault
        if self.validator is not None and (error := _error(self.validator, form)):
            return words_of(error)
        return _unsaid(form, self.shape, self.no_value) if self.shape else None


def compiled(
    kind: str, schema: Mapping[str, Any] | None, no_value: Collection[str] = ()
) -> Contract:
    """The contract of an output. Raises ValueError for a schema that is none."""
    whole = _of_kind(kind, schema) if schema is not None else None
    validator = Draft202012Validator(whole) if whole is not None else None
    return Contract(kind, shape_of(whole), validator, frozenset(map(plain, no_value)), whole)


def _error(validator: Draft202012Validator, form: Any) -> ValidationError | None:
    try:
        return None if validator.is_valid(form) else next(iter(validator.iter_errors(form)))
    except (
        UnicodeError,
        OverflowError,
        ValueError,
    ):  # half a character, a number beyond all others
        return next(iter(validator.iter_errors(sound(form))), None)


def sound(value: Any) -> Any:
    """A value without what JSON cannot carry: halves of characters, and integers that no double holds."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case bool():
            return value
        case int():
            return value if number_of(value) is not None else float("1e308")
        case dict():
            return {sound(k): sound(v) for k, v in cast("dict[str, Any]", value).items()}
        case list():
            return [sound(each) for each in cast("list[Any]", value)]
        case _:
            return value


def _of_kind(kind: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with the type that the output has anyway."""
    types = {"number": "number", "list": "array", "object": "object", "text": "string"}
    return {**schema} if "type" in schema or kind not in types else {"type": types[kind], **schema}


def _as_object(rows: Sequence[Any], shape: Shape | None) -> Any:
    """Rows where an object was promised: by their own key where the contract has one, else as items."""
    if shape is not None and shape.each is not None and not shape.fields:
        objects = [cast("dict[str, Any]", row) for row in rows if isinstance(row, dict)]
        for name in ("service", "slug", "name", "key", "id"):
            named = {row[name]: row for row in objects if isinstance(row.get(name), str)}
            if named and len(named) == len(rows):
                return named
    return {"items": list(rows)}


# ---- what no schema says


ERRORS = frozenset({"error", "errors", "message", "detail", "exception", "traceback", "errormessage",
                    "error_message", "errorMessage"})  # fmt: skip
STATES = frozenset(
    {"status", "state", "code", "ok", "success", "ready", "job_id", "jobId", "job_url"}
)


def _fault_of_rows(rows: Sequence[Any]) -> Fault | None:
    """Rows that say nothing, and one row that stands there again and again."""
    for number, row in enumerate(rows, 1):
        if holds_nothing(row):
            return Fault(f"row {number} says nothing", row, "empty_row")
        if isinstance(row, dict) and only_error(cast("dict[str, Any]", row)):
            return Fault(f"row {number} is an error and no row", row, "error_row")
    if len(rows) >= REPEATED and different(rows) * 2 <= len(rows):
        return Fault(f"{len(rows)} rows repeat the same few", rows[0], "repeated_rows")
    return None


def different(rows: Sequence[Any]) -> int:
    """How many different rows there are."""
    return len(set(map(repr, rows)))


REPEATED = 6
"""So many rows, half of them repetitions of others, are no list."""


def holds_nothing(value: Any) -> bool:
    """Whether there is nothing in a value: null, words for nothing, and what holds only these."""
    if isinstance(value, str):
        return says_nothing(value)
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).values()
        return NUMBERS.isdisjoint(map(type, members)) and all(map(holds_nothing, members))
    return value is None or (
        isinstance(value, list) and all(map(holds_nothing, cast("list[Any]", value)))
    )


NUMBERS = frozenset({int, float, bool})
"""Kinds of which every value says something."""


def only_error(fields: Mapping[str, Any]) -> bool:
    """Whether an object tells of an error, or of a state, and of nothing else."""
    if ERRORS.isdisjoint(fields):
        return False
    told = {name for name, value in fields.items() if value not in (None, "", [], {})}
    return bool(told & ERRORS) and told <= ERRORS | STATES | {"_key"}


def _fault_of_object(value: Any) -> Fault | None:
    if not value or not isinstance(value, dict):
        return None
    fields = cast("dict[str, Any]", value)
    if holds_nothing(fields) and not _is_empty_report(fields):
        return Fault("every field says nothing", fields, "empty_object")
    return (
        Fault("tells of an error and nothing else", fields, "error") if only_error(fields) else None
    )


def _is_empty_report(fields: Mapping[str, Any]) -> bool:
    """`{items: []}`: a list that is empty and says so."""
    return any(value == [] for value in fields.values())


def _unsaid(form: Any, shape: Shape, own: frozenset[str]) -> Fault | None:
    """The first text that had to say something and does not."""
    if isinstance(form, list):
        for number, member in enumerate(cast("list[Any]", form), 1):
            if isinstance(member, str) and (says_nothing(member) or plain(member) in own):
                return Fault(f"row {number} is a word where a value is due", member, "no_value")
            if shape.items and (fault := _unsaid(member, shape.items, own)):
                return Fault(f"row {number}: {fault.says}", fault.shows, fault.rule)
        return None
    if not isinstance(form, dict):
        return None
    fields = cast("dict[str, Any]", form)
    for each in shape.fields:
        told = fields.get(each.name)
        if each.said and isinstance(told, str) and (says_nothing(told) or plain(told) in own):
            return Fault(
                f"{each.name} is a word where a value is due", {each.name: told}, "no_value"
            )
        if each.inner and told is not None and (fault := _unsaid(told, each.inner, own)):
            return fault
    return None


# ---- in words


def words_of(error: ValidationError) -> Fault:
    """A broken schema as people say it, with the piece of the value that breaks it."""
    path = list(error.instance_path)
    row = next((step + 1 for step in path if isinstance(step, int)), None)
    names = [step for step in path if isinstance(step, str)]
    where = " ".join([*([f"row {row}"] if row else []), *(names[-1:])])
    shown = {names[-1]: error.instance} if names else error.instance
    return Fault(f"{where} {_broken(error)}".strip(), shown)


LIMITS = {
    "minimum": "is less than {limit:g}",
    "exclusiveMinimum": "is not above {limit:g}",
    "maximum": "is more than {limit:g}",
    "exclusiveMaximum": "is not below {limit:g}",
}
PHRASES = {
    "multipleOf": "is no whole number",
    **dict.fromkeys(("enum", "pattern", "const"), "is none of the values that it can have"),
    **dict.fromkeys(("minItems", "minProperties", "minLength"), "holds too little"),
    "uniqueItems": "is there twice",
    **dict.fromkeys(("anyOf", "oneOf", "not"), "lacks what it must say"),
}


def _broken(error: ValidationError) -> str:
    kind = error.kind.name
    told = error.kind.as_dict()
    if kind in LIMITS:
        return LIMITS[kind].format(limit=told["limit"])
    if kind == "required":
        return f"has no {told.get('property')}"
    if kind == "type":
        wrong = f"is of the wrong kind ({_kind(error.instance)})"
        return "is no whole number" if _whole(error) else wrong
    return PHRASES.get(kind, "does not keep the contract")


def _whole(error: ValidationError) -> bool:
    return isinstance(error.instance, float) and "integer" in str(error.kind.as_dict())


def _kind(value: object) -> str:
    names = ((str, "text"), (bool, "a flag"), (list, "a list"), (dict, "an object"))
    return next(
        (name for kind, name in names if isinstance(value, kind)), "a number" if value else "null"
    )
