"""Stand-ins of outside providers: their wire formats, their errors, made-up and reproducible data.

Every figure from here is `sample`. Each stand-in is served below its own name; `POST /__faults__`
switches what goes wrong with it, `GET /__mail__` and `GET /__posts__` give back what it was sent.
"""

from hermes_sandbox.providers.stand_ins import GA4_PROPERTY, StandIns
from hermes_sandbox.providers.truth import Truth, truth

__all__ = ["GA4_PROPERTY", "StandIns", "Truth", "truth"]
