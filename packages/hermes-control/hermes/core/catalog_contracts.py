"""The contracts and rules of a catalog, checked when it is read: each compiles, and each can be kept."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from jsonschema_rs import ValidationError as SchemaError
from jsonschema_rs.canonical import find_unsatisfiable

from hermes.core.catalog import Output, Service

REF = "#/$defs/"
DEEPEST = 12
MOST_NODES = 500_000
"""Tables and lists of a catalog with its definitions put in: each may name others many times."""


def expanded(document: Mapping[str, Any]) -> dict[str, Any]:
    """A catalog with its `definitions` put where its contracts refer to them. Raises ValueError, naming
    the definition, for one that is not there or refers to itself."""
    definitions = document.get("definitions", {})
    if not isinstance(definitions, dict):
        raise TypeError("field definitions: must be a table")
    rest = {name: value for name, value in document.items() if name != "definitions"}
    told = _Definitions(cast("dict[str, Any]", definitions))
    return cast("dict[str, Any]", _expanded(rest, told, 0))


class _Definitions:
    """The definitions of a catalog, and how many more tables and lists may be made with them."""

    def __init__(self, by_name: Mapping[str, Any]) -> None:
        self.by_name = by_name
        self._left = MOST_NODES

    def spend(self) -> None:
        """Count one. Raises ValueError when they are too many."""
        self._left -= 1
        if self._left < 0:
            raise ValueError("field definitions: name each other too often")


def _expanded(value: Any, definitions: _Definitions, refs: int) -> Any:
    if isinstance(value, dict | list):
        definitions.spend()
    if isinstance(value, list):
        return [_expanded(each, definitions, refs) for each in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    fields = cast("dict[str, Any]", value)
    ref = fields.get("$ref")
    if isinstance(ref, str) and ref.startswith(REF):
        name = ref.removeprefix(REF)
        if name not in definitions.by_name:
            raise ValueError(f"definition '{name}': there is none")
        if refs >= DEEPEST:
            raise ValueError(f"definition '{name}': refers to itself")
        own = {key: each for key, each in fields.items() if key != "$ref"}
        return {**_expanded(definitions.by_name[name], definitions, refs + 1), **own}
    return {name: _expanded(each, definitions, refs) for name, each in fields.items()}


def contract_faults(where: str, service: Service) -> list[str]:
    """What is wrong with the contracts and rules of a service, each with its place."""
    faults = [fault for output in service.outputs for fault in _output_faults(where, output)]
    return [*faults, *_rule_faults(where, service)]


def _output_faults(where: str, output: Output) -> Iterator[str]:
    place = f"{where}, output '{output.slug}', field schema"
    try:
        contract = output.contract
    except (SchemaError, ValueError) as error:
        yield f"{place}: {str(error).splitlines()[0]}"
        return
    if contract.schema is not None and (impossible := find_unsatisfiable(contract.schema)):
        part = next(iter(impossible)) or "the whole of it"
        yield f"{place}: no value can keep it ({part})"


def _rule_faults(where: str, service: Service) -> Iterator[str]:
    slugs = {output.slug for output in service.outputs}
    ids = [rule.id for rule in service.rules]
    for rule in service.rules:
        place = f"{where}, rule '{rule.id}'"
        if ids.count(rule.id) > 1:
            yield f"{place}: is there twice"
        for slug in rule.refutes:
            if slug not in slugs:
                yield f"{place}, field refutes: there is no output '{slug}'"
    try:
        rulebook = service.rulebook
    except ValueError as error:
        yield f"{where}, field rules: {error}"
        return
    for rule, unknown in rulebook.unknown():
        yield f"{where}, rule '{rule}', field holds: knows no '{unknown}'"
