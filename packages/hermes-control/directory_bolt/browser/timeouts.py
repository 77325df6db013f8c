"""How long a submission waits for the browser and the directory."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Limits of one submission, all in seconds."""

    page_load: float = 30.0  # until a page has answered and is parsed
    form_build: float = 5.0  # until scripts have settled after loading
    field_entry: float = 5.0  # one action on a field or a button
    answer: float = 45.0  # until the directory has answered a form
    quiet: float = 0.5  # without a request that counts, after which a page is taken for settled
    total: float = 180.0  # the whole submission
