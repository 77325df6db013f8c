"""What every route of orders starts from, in the API and on the pages."""

from fastapi import Request

from directory_bolt.orders import Orders
from directory_bolt.reading import OrderQueries
from hermes_base.web.access import Doors


def queries_of(request: Request) -> OrderQueries:
    """Where orders are read."""
    return request.app.state.order_queries


def orders_of(request: Request) -> Orders:
    """What staff do with orders."""
    return request.app.state.orders


def customer_link_of(request: Request, token: str) -> str:
    """The whole address of a customer's own order, at the address that people open."""
    doors: Doors = request.app.state.doors
    return f"{doors.public_url or str(request.base_url).rstrip('/')}/orders/{token}"
