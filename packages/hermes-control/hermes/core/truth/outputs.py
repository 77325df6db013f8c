"""Which of the promised outputs are in a finished answer, with value, provenance and explanation."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, cast

from hermes.core.catalog import Output, Service
from hermes.core.contracts.figures import SUFFIXES
from hermes.core.truth.asked import Asked
from hermes.core.truth.echoes import echo_of, property_echo, sent_back
from hermes.core.truth.ends import Doubt, Echo, Explained, quoted
from hermes.core.truth.markers import marker_of, markers, may_be_marked
from hermes.core.truth.values import Judged, judged_value
from hermes.core.truth.wrappers import NAMES, Found, Places, squashed
from hermes_base.reasons import PROVIDER_MAY_CAUSE, Reason
from hermes_base.value import value

LONGEST_MESSAGE = 500
LONGEST_WORD = 40
NOT_SAID = Asked()


@value
class Delivered:
    """What arrived: values and provenance by slug; explanations for what did not; doubts about what did;
    and notes on values that were converted or found where nobody promised them. `artifacts` is what the
    worker wants kept beside the run, by name."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    provenance: dict[str, str] = field(default_factory=dict[str, str])
    missing: dict[str, Explained] = field(default_factory=dict[str, Explained])
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    notes: dict[str, str] = field(default_factory=dict[str, str])
    artifacts: dict[str, Any] = field(default_factory=dict[str, Any])
    doubts: dict[str, list[Doubt]] = field(default_factory=dict[str, list[Doubt]])


def deliver(service: Service, document: Mapping[str, Any], asked: Asked = NOT_SAID) -> Delivered:
    """Find every promised output in a finished answer, and hold it against its contract, the rest of
    the answer, and what was asked."""
    places = Places(document, _own_wrappers(service))
    tables = places.tables()
    overall = places.word("provenance")
    found = Delivered({}, {}, {}, dict(tables["metrics"]), {}, dict(tables["artifacts"]))
    forms: dict[str, Any] = {}
    marked = may_be_marked(document)
    for output in service.outputs:
        given = _given(service, output, places)
        origin = _origin(tables["provenance"].get(output.slug), given.value, overall)
        said = _explanation(tables["missing"].get(output.slug))
        judged = judged_value(output, given, asked, marked=marked)
        _place(output, given, judged, origin, said, found, forms, demo_site=asked.demo_site)
    if marked:
        _hold_to_marks(places, found)
    _hold_to_request(service, places, found, asked)
    _hold_to_rules(service, found, forms, asked)
    return found


def _own_wrappers(service: Service) -> set[str]:
    """Names of wrappers that this service uses for an output."""
    if NAMES.isdisjoint(service.output_names):
        return set()
    own = [output.names for output in service.outputs]
    return {name for names in own if not NAMES.isdisjoint(names) for name in names}


def _given(service: Service, output: Output, places: Places) -> Found:
    """The value of an output under any of its names; True where it is only claimed."""
    return places.find(output.names) or _given_otherwise(service, output, places)


def _given_otherwise(service: Service, output: Output, places: Places) -> Found:
    """The same for an answer that does not use a name as the catalog writes it."""
    names = output.names
    suffixes = SUFFIXES.get(output.unit, ()) if output.type == "number" else ()
    longer = [name + suffix for name in names for suffix in suffixes]
    found = places.find(longer) or places.find_alike((*names, *longer))
    if found is None:
        found = places.find_elsewhere(output.elsewhere)
    if found is None:
        promised = service.squashed_names.union(map(squashed, longer))
        found = places.find_deeper((*names, *longer), promised, service.squashed_slugs)
    if found is None and places.claimed.intersection(map(squashed, names)):
        return Found(True, output.slug)
    return found or Found(None, output.slug)


def _origin(origin: Any, value: Any, overall: str) -> str:
    """Where an output comes from, in the worker's own word: said of it, in it, or of the whole answer."""
    if not isinstance(origin, str) and isinstance(value, dict):
        origin = cast("dict[str, Any]", value).get("provenance")
    word = origin if isinstance(origin, str) and origin else overall
    return word.strip().lower()[:LONGEST_WORD]


def _place(
    output: Output,
    given: Found,
    judged: Judged,
    origin: str,
    said: Explained | None,
    found: Delivered,
    forms: dict[str, Any],
    *,
    demo_site: bool,
) -> None:
    """Put a value that counts among what arrived; else say why it does not count."""
    fault = judged.fault or (_fault_of_origin(origin, demo_site=demo_site) if origin else None)
    if judged.empty:
        forms[output.slug] = judged.form
    if fault is not None:
        found.missing[output.slug] = said if said and fault.end == "missing" else fault
        return
    _take(output, given, judged, origin, found)
    forms[output.slug] = judged.form


def _take(output: Output, given: Found, judged: Judged, origin: str, found: Delivered) -> None:
    slug = output.slug
    found.values[slug] = judged.value
    notes = [judged.note]
    notes += ["Read from the first of several rows."] if given.in_row else []
    notes += [f"Found under {given.under}."] if given.under else []
    if any(notes):
        found.notes[slug] = " ".join(note for note in notes if note)
    if judged.doubts:
        found.doubts[slug] = list(judged.doubts)
    if origin:
        found.provenance[slug] = origin


def _fault_of_origin(origin: str, *, demo_site: bool) -> Explained | None:
    """Made-up data never counts, sample data for the demo site alone."""
    if origin == "sample" and not demo_site:
        message = "Sample data counts for the demo site only."
        return Explained(Reason.SAMPLE_DATA_REFUSED, message, "refuted", "provenance", origin)
    if origin in markers().provenances:
        message = f"The worker says that this is made up (provenance: {origin})."
        return Explained(Reason.MADE_UP, message, "refuted", "provenance", origin)
    return None


# ---- against what the answer says of itself, the request, and the rest of the answer


def _hold_to_marks(places: Places, found: Delivered) -> None:
    """Nothing counts of an answer that says of itself that it is made up."""
    if not found.values:
        return
    for place in [*places.marked, *places.deeper_places]:
        if mark := marker_of(place):
            message = f"The response is marked as made up ({mark})."
            for slug in tuple(found.values):
                _refute(
                    found,
                    slug,
                    Explained(Reason.MADE_UP, message, "refuted", "made_up", quoted(mark)),
                )
            return


def _hold_to_rules(
    service: Service, found: Delivered, forms: Mapping[str, Any], asked: Asked
) -> None:
    """What breaks a rule of the service is refuted, or in doubt where the rule says so."""
    if service.rulebook.empty or not forms:
        return
    for rule, shows in service.rulebook.broken(forms, asked.facts):
        shown = quoted(shows)
        for slug in rule.refutes:
            if slug not in found.values:
                continue
            if rule.severity == "doubt":
                found.doubts.setdefault(slug, []).append(Doubt(rule.sentence, rule.id, shown))
            else:
                _refute(
                    found,
                    slug,
                    Explained(
                        Reason.CONTRADICTED,
                        rule.sentence,
                        "refuted",
                        rule.id,
                        shown,
                        rule.next_step,
                    ),
                )


def _hold_to_request(service: Service, places: Places, found: Delivered, asked: Asked) -> None:
    """What the answer says of itself, and HTTP of the answer, must fit what was asked."""
    if not found.values:
        return
    told = [*places.marked, *places.deeper_places]
    told += sent_back(told)
    echo = echo_of(told, asked)
    if echo is None and asked.settings:
        echo = property_echo(told, service.expected_outputs, asked)
    if echo is not None:
        _echoed(found, echo)


def _echoed(found: Delivered, echo: Echo) -> None:
    for slug in echo.outputs or tuple(found.values):
        if slug in found.values:
            _refute(
                found,
                slug,
                Explained(echo.reason, echo.says, "refuted", echo.rule, quoted(echo.shows)),
            )


def _refute(found: Delivered, slug: str, why: Explained) -> None:
    del found.values[slug]
    found.missing[slug] = why
    found.provenance.pop(slug, None)
    found.notes.pop(slug, None)
    found.doubts.pop(slug, None)


def _explanation(explanation: Any) -> Explained | None:
    """The worker's own words about a missing output, and its reason where a worker can know it."""
    if isinstance(explanation, str) and explanation.strip():
        return Explained(Reason.OUTPUTS_MISSING, explanation.strip()[:LONGEST_MESSAGE])
    if not isinstance(explanation, dict):
        return None
    fields = cast("dict[str, Any]", explanation)
    code = str(fields.get("reason") or fields.get("code") or "")
    message = str(fields.get("message") or fields.get("detail") or "")
    if code in PROVIDER_MAY_CAUSE:
        return Explained(code, message[:LONGEST_MESSAGE])
    words = ": ".join(part for part in (code, message) if part)
    return Explained(Reason.OUTPUTS_MISSING, words[:LONGEST_MESSAGE])
