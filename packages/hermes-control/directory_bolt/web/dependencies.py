"""What every route of orders starts from, in the API and on the pages."""

from fastapi import Request

from directory_bolt.orders import Orders
from directory_bolt.reading import OrderQueries
from hermes_base.web.access import AccessSettings


def queries_of(request: Request) -> OrderQueries:
    """The reader of orders of this application (`app.state.order_queries`)."""
    return request.app.state.order_queries


def orders_of(request: Request) -> Orders:
    """What changes orders in this application (`app.state.orders`)."""
    return request.app.state.orders


def customer_link_of(request: Request, token: str) -> str:
    """The whole address of a customer's own order, at the address that people open."""
    access: AccessSettings = request.app.state.access
    return f"{access.public_url or str(request.base_url).rstrip('/')}/orders/{token}"
