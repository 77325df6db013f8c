"""What to do with each field of a form for one business."""

from collections.abc import Mapping, Sequence

from directory_bolt.core.filling.fields import fill_of
from directory_bolt.core.filling.plan import Fill, Plan, Stop
from directory_bolt.core.filling.values import values_of
from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.mapping.choice import Chosen
from directory_bolt.core.orders.profile import BusinessProfile


def plan(
    chosen: Chosen, profile: BusinessProfile, refused: Mapping[str, Sequence[str]] | None = None
) -> Plan:
    """A fill for every field of the form, in their order.

    `refused`: name of a field -> what the directory did not take there ([] for nothing at all).
    """
    values = values_of(profile, chosen, refused)
    fills, stops = list[Fill](), list[Stop]()
    filled = set[Kind]()
    for mapped in chosen.fields:
        found = fill_of(mapped, values, filled)
        if isinstance(found, Stop):
            stops.append(found)
            found = Fill(mapped, "leave", note=found.message)
        if found.action in ("type", "choose") and not mapped.mapping.part:
            filled.add(mapped.kind)
        fills.append(found)
    return Plan(tuple(fills), tuple(stops))
