"""The wiring imports web server, runner and database: a second that most commands need not wait for."""


def wiring():
    """`hermes.app`, imported when it is first needed."""
    from hermes.wiring import app  # noqa: PLC0415  # the reason of this module

    return app


def opening():
    """`hermes.opening`, imported when it is first needed."""
    from hermes.wiring import opening as found  # noqa: PLC0415  # the reason of this module

    return found


def orders_wiring():
    """`hermes.bolt`, imported when it is first needed."""
    from directory_bolt import wiring as bolt  # noqa: PLC0415  # the reason of this module

    return bolt
