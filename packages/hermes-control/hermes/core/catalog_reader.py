"""Reads a catalog: validated whole, with entry and field of every fault named."""

import tomllib
from collections.abc import Mapping
from typing import Any, cast

from pydantic import ValidationError

from hermes.core.catalog import ENVELOPE_WORDS, Catalog, Service
from hermes.core.catalog_contracts import contract_faults, expanded
from hermes_base.problems import Problem


def read(text: str, source: str = "catalog.toml") -> Catalog:
    """Parse and validate a catalog. Raises `catalog_invalid` with every fault named by entry."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(source, [f"not TOML: {error}"]) from error
    return read_document(document, source)


def read_document(document: Mapping[str, Any], source: str) -> Catalog:
    """Validate what a catalog's file holds. Raises `catalog_invalid` as `read` does."""
    try:
        document = expanded(document)
    except (TypeError, ValueError) as error:
        raise _invalid(source, [str(error)]) from error
    try:
        catalog = Catalog.model_validate(document)
    except ValidationError as error:
        raise _invalid(source, _field_faults(document, error)) from error
    faults = [fault for service in catalog.services for fault in _service_faults(service)]
    faults += _name_faults(catalog)
    if faults:
        raise _invalid(source, faults)
    return catalog


def _invalid(source: str, faults: list[str]) -> Problem:
    return Problem(
        "catalog_invalid",
        f"{source} is not a valid catalog: " + "; ".join(faults),
        "Correct the entries and fields named above, then start Hermes again.",
        details=faults,
    )


def _field_faults(document: Mapping[str, Any], error: ValidationError) -> list[str]:
    return [f"{_place(document, fault['loc'])}: {fault['msg']}" for fault in error.errors()]


def _place(document: Mapping[str, Any], location: tuple[int | str, ...]) -> str:
    """`service 'crawl_render', output 'x', field type` instead of indexes."""
    words: list[str] = []
    node: Any = document
    for step in location:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
        if isinstance(step, int):
            found: Any = node
            entry = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
            name = entry.get("slug", f"#{step + 1}")
            words[-1] = f"{words[-1].rstrip('s')} '{name}'"
        else:
            words.append(step)
    return ", ".join([*words[:-1], f"field {words[-1]}"]) if words else "catalog"


def _service_faults(service: Service) -> list[str]:
    where = f"service '{service.slug}'"
    described = [o.slug for o in service.outputs]
    faults = [
        f"{where}, field expected_outputs: '{slug}' is a reserved word, not an output"
        for slug in service.expected_outputs
        if slug in ENVELOPE_WORDS
    ]
    if not service.expected_outputs:
        faults.append(f"{where}, field expected_outputs: is empty")
    faults += [
        f"{where}, field expected_outputs: '{slug}' has no [[services.outputs]] entry"
        for slug in service.expected_outputs
        if slug not in described
    ]
    faults += [
        f"{where}, output '{slug}': is not in expected_outputs"
        for slug in described
        if slug not in service.expected_outputs
    ]
    faults += [
        f"{where}, field key_metrics: '{slug}' is not in expected_outputs"
        for slug in service.key_metrics
        if slug not in service.expected_outputs
    ]
    faults += _twice(
        f"{where}, output alias", [a for o in service.outputs for a in (o.slug, *o.aliases)]
    )
    faults += _twice(f"{where}, field expected_outputs:", list(service.expected_outputs))
    if service.integration_type == "worker" and not service.secret:
        faults.append(f"{where}, field secret: a worker service needs the name of its secret")
    if service.state == "planned" and not service.planned_because:
        faults.append(f"{where}, field planned_because: is required for a planned service")
    return faults + _payload_faults(where, service) + contract_faults(where, service)


def _payload_faults(where: str, service: Service) -> list[str]:
    reserved = {"mode", "site", "site_id", "run_id"}
    return [
        f"{where}, field {mode}.payload: '{name}' is set by Hermes"
        for mode, spec in (("smoke", service.smoke), ("full", service.full))
        if spec is not None
        for name in sorted(reserved & spec.payload.keys())
    ]


def _name_faults(catalog: Catalog) -> list[str]:
    names = [name for s in catalog.services for name in (s.slug, *s.aliases)]
    known = {s.slug for s in catalog.services}
    faults = _twice("service name", names)
    faults += [
        f"service '{s.slug}', field depends_on: there is no service '{other}'"
        for s in catalog.services
        for other in s.depends_on
        if other not in known
    ]
    return faults


def _twice(what: str, names: list[str]) -> list[str]:
    return [
        f"{what} '{name}' appears twice"
        for name in sorted({n for n in names if names.count(n) > 1})
    ]
