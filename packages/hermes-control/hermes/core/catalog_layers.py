"""Layers of a catalog: files that add a service, change single fields of one, or switch one off, without copying it.

A layer is a TOML file in the form of the catalog. Services are told apart by slug, outputs and rules within them by
slug and id; tables are merged, lists and everything else are replaced. `off` names services that are taken out:
`off = ["content_qa"]`, or with the reason, `[off]` and `content_qa = "No budget until March"`. An output is
taken out by `off = true`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from hermes.core.catalog import Catalog
from hermes.core.catalog_reader import read_document
from hermes_base.problems import Problem

LARGEST = 1_000_000
MOST_SERVICES = 500
Table = dict[str, Any]
KEYED = {"services": "slug", "outputs": "slug", "rules": "id"}
"""Lists whose entries are merged by one of their fields."""
MADE = frozenset({"off", "services", "definitions", "version"})


@dataclass(frozen=True, slots=True)
class Layer:
    """One file: the name by which people know it, and what it holds."""

    source: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What one layer did to one field of one service: `field` is "" where the whole service was added or taken out."""

    service: str
    field: str
    before: Any
    after: Any
    source: str


@dataclass(frozen=True, slots=True)
class Layered:
    """A catalog, what its layers changed, and which services they switched off, with the reason of each."""

    catalog: Catalog
    changes: tuple[Change, ...] = ()
    off: Mapping[str, str] = field(default_factory=dict[str, str])


def parse(text: str, source: str) -> Layer:
    """A layer from the text of its file. Raises `catalog_invalid`."""
    if len(text.encode()) > LARGEST:
        raise _invalid(source, f"is larger than {LARGEST // 1_000_000} MB")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid(source, f"not TOML: {error}") from None
    except RecursionError:
        raise _invalid(source, "nested too deeply") from None
    unknown = sorted(document.keys() - MADE)
    services = document.get("services", [])
    if unknown:
        raise _invalid(source, f"field {unknown[0]}: is not a part of a catalog")
    if not isinstance(services, list) or not all(_has_slug(s) for s in cast("list[Any]", services)):
        raise _invalid(source, "field services: each [[services]] needs its slug")
    return Layer(source, document)


def _has_slug(service: Any) -> bool:
    return isinstance(service, dict) and isinstance(cast("Table", service).get("slug"), str)


def _invalid(source: str, fault: str) -> Problem:
    hint = "Correct the file. Until then the catalog from before stays in force."
    return Problem(
        "catalog_invalid", f"{source} is not a valid catalog file: {fault}", hint, details=[fault]
    )


def layered(
    base: Mapping[str, Any], layers: Iterable[Layer], source: str = "the catalog"
) -> Layered:
    """The catalog that the layers make of a base. Raises `catalog_invalid`, naming the files and every fault."""
    document: Table = {"version": 1, **base}
    changes, off, used = list[Change](), dict[str, str](), [source]
    for layer in layers:
        used.append(layer.source)
        document = _with(document, layer, changes, off)
    if len(document.get("services", [])) > MOST_SERVICES:
        raise _invalid(used[-1], f"a catalog has at most {MOST_SERVICES} services")
    catalog = read_document(
        document, used[0] if len(used) == 1 else f"{used[0]} with {', '.join(used[1:])}"
    )
    return Layered(catalog, tuple(changes), off)


def _with(document: Table, layer: Layer, changes: list[Change], off: dict[str, str]) -> Table:
    services = [dict(service) for service in cast("list[Table]", document.get("services", []))]
    by_slug = {service.get("slug"): number for number, service in enumerate(services)}
    for told in cast("list[Table]", layer.document.get("services", [])):
        slug = str(told["slug"])
        if slug in by_slug:
            before = services[by_slug[slug]]
            services[by_slug[slug]] = after = _changed(before, told)
            changes += _differences(slug, before, after, layer.source)
        else:
            by_slug[slug] = len(services)
            services.append(_filled(told))
            changes.append(Change(slug, "", None, "added", layer.source))
    for slug, why in _off(layer).items():
        if slug not in by_slug:
            raise _invalid(layer.source, f"field off: there is no service '{slug}'")
        off[slug] = why
        changes.append(Change(slug, "", "on", f"off: {why}" if why else "off", layer.source))
    kept = [_without(service, off) for service in services if service.get("slug") not in off]
    told = cast("Table", layer.document.get("definitions", {}))
    definitions = {**cast("Table", document.get("definitions", {})), **told}
    return {**document, "definitions": definitions, "services": kept}


def _off(layer: Layer) -> dict[str, str]:
    told = layer.document.get("off", [])
    if isinstance(told, dict):
        return {slug: str(why) for slug, why in cast("Table", told).items()}
    if not isinstance(told, list):
        raise _invalid(
            layer.source, "field off: must be a list of slugs, or a table of slugs and reasons"
        )
    return dict.fromkeys(map(str, cast("list[Any]", told)), "")


def _without(service: Table, off: Mapping[str, str]) -> Table:
    """A service that waits for none that is switched off."""
    waits = cast("list[str]", service.get("depends_on", []))
    if not any(slug in off for slug in waits):
        return service
    return {**service, "depends_on": [slug for slug in waits if slug not in off]}


def _changed(before: Table, told: Table) -> Table:
    """A service with the fields of a layer. Outputs that are new are expected, and those taken out are not."""
    added = [o["slug"] for o in _entries(told, "outputs") if not o.get("off")]
    gone = {o["slug"] for o in _entries(told, "outputs") if o.get("off")}
    after = merged(before, told)
    if "expected_outputs" not in told:
        expected = cast("list[str]", before.get("expected_outputs", []))
        after["expected_outputs"] = [*expected, *(slug for slug in added if slug not in expected)]
    return _less(after, gone) if gone else after


def _entries(service: Table, name: str) -> list[Table]:
    listed: Any = service.get(name, [])
    entries = cast("list[Any]", listed) if isinstance(listed, list) else []
    return [cast("Table", e) for e in entries if isinstance(e, dict) and "slug" in e]


def _less(service: Table, gone: set[str]) -> Table:
    """A service without these outputs, and without what speaks of them alone."""
    made = dict(service)
    made["outputs"] = [o for o in _entries(service, "outputs") if o["slug"] not in gone]
    for name in ("expected_outputs", "key_metrics"):
        made[name] = [slug for slug in cast("list[str]", service.get(name, [])) if slug not in gone]
    rules = cast("list[Table]", service.get("rules", []))
    made["rules"] = [rule for rule in rules if not _speaks_of(rule, gone)]
    return made


def _speaks_of(rule: Table, gone: set[str]) -> bool:
    said = str(rule.get("holds", ""))
    return any(slug in said or slug in rule.get("refutes", []) for slug in gone)


def merged(before: Mapping[str, Any], told: Mapping[str, Any]) -> Table:
    """Tables merged, keyed lists merged by their key, everything else replaced."""
    made = dict(before)
    for name, value in told.items():
        made[name] = _merged_value(name, made.get(name), value)
    return made


def _merged_value(name: str, before: Any, told: Any) -> Any:
    if isinstance(before, dict) and isinstance(told, dict) and name != "schema":
        return merged(cast("Table", before), cast("Table", told))
    key = KEYED.get(name)
    if key is None or not isinstance(before, list) or not isinstance(told, list):
        return cast("Any", told)
    made = {entry.get(key): entry for entry in cast("list[Table]", before)}
    for entry in cast("list[Table]", told):
        made[entry.get(key)] = merged(made.get(entry.get(key), {}), entry)
    return list(made.values())


def _filled(told: Table) -> Table:
    """A service of one's own with what need not be said."""
    slug = str(told["slug"])
    outputs = [
        {"label": str(o["slug"]).replace("_", " ").capitalize(), **o}
        for o in _entries(told, "outputs")
    ]
    defaults: Table = {
        "name": slug.replace("_", " ").capitalize(),
        "category": "own",
        "purpose": "",
        "state": "built",
        "secret": f"HERMES_WORKER_{slug.upper()}",
        "expected_outputs": [o["slug"] for o in outputs],
    }
    return {**defaults, **told, **({"outputs": outputs} if outputs else {})}


def _differences(slug: str, before: Table, after: Table, source: str) -> Iterator[Change]:
    told, now = dict(_fields(before)), dict(_fields(after))
    for name in [*told, *(name for name in now if name not in told)]:
        if told.get(name) != now.get(name):
            yield Change(slug, name, told.get(name), now.get(name), source)


def _fields(value: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    """Each field by its place: `full.deadline_seconds`, `outputs.pages_crawled.severity`."""
    for name, inner in value.items():
        key = KEYED.get(name)
        if isinstance(inner, dict) and name != "schema":
            yield from _fields(cast("Table", inner), f"{place}{name}.")
        elif key and isinstance(inner, list):
            for entry in cast("list[Table]", inner):
                yield from _fields(entry, f"{place}{name}.{entry.get(key)}.")
        else:
            yield f"{place}{name}", inner
