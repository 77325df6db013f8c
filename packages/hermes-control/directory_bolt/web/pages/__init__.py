"""The pages of orders: the staff's and the customer's."""

from fastapi import Depends

from directory_bolt.web.pages import (
    customer,
    directories,
    evidence,
    manual,
    ordering,
    staff,
    staff_actions,
)
from hermes_base.web.live import noting_position
from hermes_base.web.routing import Router

router = Router(include_in_schema=False, dependencies=[Depends(noting_position("realtime"))])
for part in (staff, directories, manual, ordering, staff_actions, evidence, customer):
    router.include(part.router)
