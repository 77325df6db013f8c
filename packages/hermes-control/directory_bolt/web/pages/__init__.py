"""The pages of orders: the staff's and the customer's."""

from fastapi import APIRouter, Depends

from directory_bolt.web.pages import customer, evidence, staff, staff_actions
from hermes_base.web.live import noting_position

router = APIRouter(include_in_schema=False, dependencies=[Depends(noting_position("realtime"))])
for part in (staff, staff_actions, evidence, customer):
    router.include_router(part.router)
