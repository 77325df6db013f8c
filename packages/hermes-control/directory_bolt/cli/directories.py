"""`hermes directories`: the business's own directories, from files and one by one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import typer
from rich.table import Table

from directory_bolt.core.catalog.entries import Format, changes_of, entries_of, entry_of
from directory_bolt.core.catalog.rehearsals import Rehearsal
from directory_bolt.core.orders.invented import invented_business
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.rows.directories import MeasuredDirectory
from directory_bolt.core.views.order_work import DirectoryView, directory_view
from directory_bolt.orders import Orders
from hermes_base.cli.console import out, print_json
from hermes_base.problems import Problem, not_found
from hermes_base.settings import load
from hermes_egress.opened import Opened

ACTOR = "command line"
Found = TypeVar("Found")
directories = typer.Typer(no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Which = Annotated[str, typer.Argument(help="Id, submission address, or name of a directory.")]
Name = Annotated[str, typer.Option(help="Its name.")]
Address = Annotated[str, typer.Option("--address", help="Address of the page with its form.")]
Category = Annotated[str, typer.Option(help="Its category.")]
Tier = Annotated[str, typer.Option(help="1 is used first, 4 last.")]
Authority = Annotated[str, typer.Option(help="Domain authority, 0 to 100.")]
Lookup = Annotated[str, typer.Option(help="Where a listing is looked up; {name} is the business.")]
Pause = Annotated[str, typer.Option(help="Least time between two visits, in seconds.")]
Terms = Annotated[str, typer.Option(help="What its terms say: allowed, refused or unknown.")]
Note = Annotated[str, typer.Option(help="Where the terms say so.")]


def add(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(directories, name="directories", help="Keep the list of directories.")


@directories.callback()
def group() -> None:
    """Keep the list of directories."""


@directories.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A .json, .toml or .csv file.")], json: AsJson = False
) -> None:
    """Add directories from a file, or update them by their submission address: all of them, or none."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = "Name a readable file in UTF-8."
        raise Problem("invalid_request", f"{file} cannot be read: {error}.", hint) from error
    entries = entries_of(text, _format_of(file))
    count = _with_orders(lambda orders: orders.directories.put(entries, ACTOR))
    if json:
        print_json({"directories": count})
        return
    out.print(f"Imported {count} {'directory' if count == 1 else 'directories'}.")


def _format_of(file: Path) -> Format:
    kind = file.suffix.lower().removeprefix(".")
    if found := next((each for each in get_args(Format) if each == kind), None):
        return found
    raise Problem("invalid_request", f"{file} has no known format.", "Name a .csv, .json or .toml file.")  # fmt: skip


@directories.command("list")
def list_all(json: AsJson = False) -> None:
    """List the directories, with how often each one was submitted to."""
    found = _with_orders(_listed)
    if json:
        print_json([each.model_dump(mode="json", by_alias=True) for each in found])
        return
    table = Table("Directory", "Form", "Tier", "Terms", "Status", "Submitted")
    for each in found:
        tried = f"{each.submitted} of {each.tried}" if each.tried else "Never tried"
        table.add_row(each.name, each.submission_url, str(each.tier), each.terms_decision, _state(each), tried)  # fmt: skip
    out.print(table)


@directories.command("add")
def add_one(
    name: Annotated[str, typer.Argument(help="Its name.")],
    address: Annotated[str, typer.Argument(help="Address of the page with its form.")],
    category: Category = "", tier: Tier = "", authority: Authority = "", lookup: Lookup = "",
    pause: Pause = "", terms: Terms = "", note: Note = "",
) -> None:  # fmt: skip
    """Add a directory, or update the one at this address."""
    entry = entry_of(_fields(name=name, address=address, category=category, tier=tier,
                             authority=authority, lookup=lookup, pause=pause)
                     | {"terms_decision": terms, "terms_note": note})  # fmt: skip
    _with_orders(lambda orders: orders.directories.put([entry], ACTOR))
    used = "Orders may use it." if entry.terms_decision == "allowed" else "Orders use it once its terms are recorded as allowed."  # fmt: skip
    out.print(f"Added {entry.name}. {used}", markup=False)


@directories.command()
def edit(
    which: Which, name: Name = "", address: Address = "", category: Category = "", tier: Tier = "",
    authority: Authority = "", lookup: Lookup = "", pause: Pause = "",
) -> None:  # fmt: skip
    """Change the given facts of a directory of your own."""
    given = _fields(name=name, address=address, category=category, tier=tier, authority=authority,
                    lookup=lookup, pause=pause)  # fmt: skip
    changes = changes_of({key: each for key, each in given.items() if each})
    _on_one(which, lambda orders, one: orders.directories.edit(one.id, changes, ACTOR))
    out.print("Changed.")


@directories.command()
def terms(
    which: Which,
    decision: Annotated[str, typer.Argument(help="allowed, refused or unknown.")],
    note: Note = "",
) -> None:
    """Record whether the terms of a directory allow submissions, and where they say so."""
    _on_one(
        which, lambda orders, one: orders.directories.decide_terms(one.id, decision, note, ACTOR)
    )
    out.print("Recorded.")


@directories.command()
def enable(which: Which) -> None:
    """Let orders to come use a directory; one that was retired is back in the list."""
    _on_one(which, lambda orders, one: orders.directories.enable(one.id, True, ACTOR))
    out.print("Enabled.")


@directories.command()
def disable(which: Which) -> None:
    """Let orders to come leave a directory out."""
    _on_one(which, lambda orders, one: orders.directories.enable(one.id, False, ACTOR))
    out.print("Disabled.")


@directories.command()
def retire(which: Which) -> None:
    """Take a directory out of use and out of the list; its results stay."""
    _on_one(which, lambda orders, one: orders.directories.retire(one.id, ACTOR))
    out.print("Retired.")


@directories.command()
def rehearse(
    which: Annotated[
        str, typer.Argument(help="Id, submission address, or name; without it all of your own.")
    ] = "",
    profile: Annotated[
        Path | None,
        typer.Option(help="JSON of the business to fill in; by default an invented one."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Fill in the form of a directory without sending it, and say what was seen. Exit 1 where an order would stop."""
    business = _business(profile)
    found = _with_orders(lambda orders: _rehearsed(orders, which, business))
    if json:
        print_json(
            {name: each.model_dump(mode="json", by_alias=True) for name, each in found.items()}
        )
    else:
        for name, each in found.items():
            _tell(name, each, in_full=bool(which))
    raise typer.Exit(0 if all(each.is_ready for each in found.values()) else 1)


@directories.command()
def check(json: AsJson = False) -> None:
    """Visit every directory of your own, robots.txt first, and say what an order would find there.

    Exit 1 where one would stop.
    """
    rehearse("", None, json)


def _business(file: Path | None) -> BusinessProfile:
    if file is None:
        return BusinessProfile.model_validate(invented_business("rehearsal"))
    try:
        return BusinessProfile.model_validate_json(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        hint = "Name a JSON file with the fields of a profile, such as business_name and email."
        raise Problem("invalid_request", f"{file} is not a profile: {error}.", hint) from error


async def _rehearsed(orders: Orders, which: str, business: BusinessProfile) -> dict[str, Rehearsal]:
    """Name -> what was seen, one directory after the other."""
    from directory_bolt.browser import BrowserSubmitter
    from directory_bolt.rehearsing import Rehearsals
    from directory_bolt.storage import reading

    found = await reading.directories(orders.pool)
    chosen = [each for each in found if not each.is_demo and not each.retired_at]
    if which:
        chosen = [await _named(orders, which)]
    async with BrowserSubmitter(orders.evidence, opened=Opened(load().private_sites)) as submitter:
        visits = Rehearsals(orders.pool, submitter, orders.clock)
        return {each.name: await visits.rehearse(each, business, ACTOR) for each in chosen}


def _tell(name: str, seen: Rehearsal, *, in_full: bool) -> None:
    unsure = [each.label for each in seen.fields if not each.is_sure]
    out.print(f"{name}: {seen.text}", markup=False)
    out.print(f"  {len(seen.fields)} fields, {len(unsure)} unsure{': ' if unsure else ''}{', '.join(unsure)}", markup=False)  # fmt: skip
    if in_full:
        table = Table("Field", "Gets", "Value", "Sure")
        for each in seen.fields:
            table.add_row(each.label, each.kind, each.value, f"{each.confidence:.0%}")
        out.print(table)


def _fields(
    *, address: str, authority: str, lookup: str, pause: str, **same: str
) -> dict[str, str]:
    """Options by the names of the fields that they fill."""
    return {
        **same, "submission_url": address, "domain_authority": authority, "lookup_url": lookup,
        "pacing_seconds": pause,
    }  # fmt: skip


def _state(each: DirectoryView) -> str:
    return "Retired" if each.retired_at else "Enabled" if each.enabled else "Disabled"


async def _listed(orders: Orders) -> list[DirectoryView]:
    from directory_bolt.storage import reading

    return [directory_view(row) for row in await reading.directories(orders.pool)]


async def _named(orders: Orders, which: str) -> MeasuredDirectory:
    """Raises `unknown_directory`, and `invalid_request` where several have the name."""
    from directory_bolt.storage import reading

    found = await reading.directories(orders.pool)
    named = [d for d in found if which in (str(d.id), d.submission_url, d.name)]
    if len(named) > 1:
        hint = "Name its id or its submission address."
        raise Problem("invalid_request", f"{len(named)} directories are named {which}.", hint)
    if not named:
        raise not_found("unknown_directory", which, "See: hermes directories list")
    return named[0]


def _on_one(which: str, act: Callable[[Orders, MeasuredDirectory], Awaitable[Any]]) -> None:
    async def found(orders: Orders) -> None:
        await act(orders, await _named(orders, which))

    _with_orders(found)


def _with_orders(work: Callable[[Orders], Awaitable[Found]]) -> Found:
    """Do something on the database of this home."""
    from directory_bolt import wiring
    from hermes_base.postgres.opening import borrowed_database

    async def working() -> Found:
        settings = load()
        async with borrowed_database(settings), wiring.open_orders(settings) as orders:
            return await work(orders)

    return asyncio.run(working())
