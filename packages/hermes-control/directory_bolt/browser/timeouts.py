"""How long the browser waits for what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """All in seconds."""

    page_load: float = 30.0  # a page to answer and to be read in
    form_build: float = 5.0  # a script to build the form
    field_entry: float = 5.0  # one field to take its value
    answer: float = 45.0  # an answer to the form that was sent
    quiet: float = 0.5  # without network, after which a page is taken for settled
    total: float = 180.0  # everything
