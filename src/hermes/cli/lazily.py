"""The wiring imports web server, runner and database: a second that most commands need not wait for."""


def wiring():
    """`hermes.app`, imported when it is first needed."""
    from hermes import app  # noqa: PLC0415  # the reason of this module

    return app
