"""The signing secrets of the Stripe webhook: one, or several while one is rolled."""


def secrets_of(given: str) -> list[str]:
    """`whsec_new, whsec_old` as a list, the newest first; [] for none."""
    return [each for part in given.split(",") if (each := part.strip())]


def newest_of(given: str) -> str:
    """The secret that Hermes itself signs with where it proves the webhook; "" for none."""
    return next(iter(secrets_of(given)), "")
