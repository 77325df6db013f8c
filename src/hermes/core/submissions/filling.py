"""What to do with each field of a form for one business."""

from collections.abc import Mapping, Sequence

from hermes.core.submissions.fields import Kind
from hermes.core.submissions.filling_fields import fill_of
from hermes.core.submissions.filling_plan import Fill, Plan, Stop
from hermes.core.submissions.filling_values import values_of
from hermes.core.submissions.mapping_choice import Chosen
from hermes.core.submissions.profile import BusinessProfile


def plan(
    chosen: Chosen, profile: BusinessProfile, refused: Mapping[str, Sequence[str]] | None = None
) -> Plan:
    """A fill for every field of the form, in their order.

    `refused`: name of a field -> what the directory did not take there ([] for nothing at all).
    """
    values = values_of(profile, chosen, refused)
    fills, stops = list[Fill](), list[Stop]()
    told = set[Kind]()
    for mapped in chosen.fields:
        found = fill_of(mapped, values, told)
        if isinstance(found, Stop):
            stops.append(found)
            found = Fill(mapped, "leave", note=found.message)
        if found.action in ("type", "choose") and not mapped.mapping.part:
            told.add(mapped.kind)
        fills.append(found)
    return Plan(tuple(fills), tuple(stops))
