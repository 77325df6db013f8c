"""The JSON API of orders."""

from fastapi import APIRouter

from directory_bolt.web.api import orders, staff, staff_actions

router = APIRouter()
for part in (orders, staff, staff_actions):
    router.include_router(part.router)
