"""The page that explains the contract: prose from contract.md, requirements from the table."""

from importlib.resources import files

from hermes_worker.conformance.requirements import LEVELS, PACKAGE, REQUIREMENTS, Requirement

PLACE = "<!-- requirements -->"


def document() -> str:
    """The whole page as Markdown."""
    prose = files(PACKAGE).joinpath("contract.md").read_text("utf-8")
    return prose.replace(PLACE, "\n\n".join(table(level) for level in LEVELS))


def table(level: str) -> str:
    rows = [row(requirement) for requirement in REQUIREMENTS if requirement.level == level]
    heading = ["| id | | requirement | how it is checked |", "|---|---|---|---|"]
    return "\n".join([f"### Level {level}", "", *heading, *rows])


def row(requirement: Requirement) -> str:
    return (
        f"| {requirement.id} | {requirement.force} | {requirement.says} | {requirement.checked} |"
    )
