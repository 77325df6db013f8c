"""What can be bought: the one package table that checkout, webhook, worker and pages read."""

from dataclasses import dataclass

from hermes_base.problems import Problem


@dataclass(frozen=True, slots=True)
class Package:
    """`price_usd` in whole dollars; `priority` 1 (first) to 4."""

    slug: str
    name: str
    directories: int
    price_usd: int
    priority: int


PACKAGES = {
    package.slug: package
    for package in (
        Package("starter", "Starter", 50, 149, 4),
        Package("growth", "Growth", 100, 299, 3),
        Package("professional", "Professional", 300, 499, 2),
        Package("enterprise", "Enterprise", 500, 799, 1),
    )
}


def package(slug: str) -> Package:
    """The package of this name, in any case. Raises `unknown_package`."""
    found = PACKAGES.get(slug.strip().lower())
    if found is None:
        message = f"Unknown package: {slug!r}."
        hint = f"Use one of: {', '.join(PACKAGES)}."
        raise Problem("unknown_package", message, hint, field="package_type")
    return found
