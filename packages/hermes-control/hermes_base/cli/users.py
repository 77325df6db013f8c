"""`hermes users add | list | role | disable | enable | password | remove-factor | link`: who may sign in.

Speaks to the database itself, since users are needed before Hermes may listen for others.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from hermes_base.cli.console import out, plain, print_json
from hermes_base.settings import Settings, load

if TYPE_CHECKING:  # the commands that need no users need not wait for it
    from hermes_base.people import People

app = typer.Typer(no_args_is_help=True)
ACTOR = "command line"

Email = Annotated[str, typer.Argument(help="The user's email address.")]
Role = Annotated[str, typer.Option(help="Role: viewer, operator or admin.")]
Password = Annotated[
    bool,
    typer.Option("--password", help="Prompt for a password, or read one line from standard input."),
]


@app.command()
def add(
    email: Email,
    role: Role = "viewer",
    name: Annotated[str, typer.Option(help="Display name.")] = "",
    password: Password = False,
) -> None:
    """Add a user. Without --password, print a link to set one."""
    secret = _ask_password() if password else ""

    async def adding(people: "People", settings: Settings) -> None:
        user = await people.users.add(email, name, role, ACTOR)
        if password:
            await people.users.set_password(user.id, secret, ACTOR)
            out.print(f"{plain(user.email)} can sign in as {user.role}.")
        else:
            out.print(
                f"Added {plain(user.email)} as {user.role}. Send them this link to set a password:"
            )
            await _print_link(people, settings, user.email or "")

    _run(adding)


@app.command("list")
def list_users(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List users."""

    async def listing(people: "People", settings: Settings) -> None:
        del settings
        users = await people.users.all()
        if json:
            print_json([user.model_dump(mode="json", by_alias=True) for user in users])
            return
        drawn = Table(
            "User", "Name", "Role", "State", "Last sign-in (UTC)", box=None, pad_edge=False
        )
        for user in users:
            at = f"{user.signed_in_at:%Y-%m-%d %H:%M}" if user.signed_in_at else "never"
            state = user.state.replace("_", " ")
            drawn.add_row(
                plain(user.email or "(by link only)"), plain(user.name), user.role, state, at
            )
        out.print(drawn if users else "No users yet. Add one with: hermes users add")

    _run(listing)


@app.command()
def role(
    email: Email, role: Annotated[str, typer.Argument(help="Role: viewer, operator or admin.")]
) -> None:
    """Change a user's role."""

    async def changing(people: "People", settings: Settings) -> None:
        del settings
        await people.users.set_role((await people.users.find(email)).id, role, ACTOR)
        out.print(f"{plain(email)} now has the role {plain(role)}.")

    _run(changing)


@app.command()
def disable(email: Email) -> None:
    """Disable a user. Their sessions, links and tokens stop working at once."""

    async def disabling(people: "People", settings: Settings) -> None:
        del settings
        await people.users.disable((await people.users.find(email)).id, ACTOR)
        out.print(f"{plain(email)} is disabled.")

    _run(disabling)


@app.command()
def enable(email: Email) -> None:
    """Enable a disabled user."""

    async def enabling(people: "People", settings: Settings) -> None:
        del settings
        await people.users.enable((await people.users.find(email)).id, ACTOR)
        out.print(f"{plain(email)} is enabled.")

    _run(enabling)


@app.command()
def password(email: Email) -> None:
    """Set a user's password and end their sessions."""
    secret = _ask_password()

    async def setting(people: "People", settings: Settings) -> None:
        del settings
        await people.users.set_password((await people.users.find(email)).id, secret, ACTOR)
        out.print(f"The password of {plain(email)} is set.")

    _run(setting)


@app.command("remove-factor")
def remove_factor(email: Email) -> None:
    """Remove a user's second factor. They sign in with the password alone."""

    async def removing(people: "People", settings: Settings) -> None:
        del settings
        await people.second_factors.remove((await people.users.find(email)).id, ACTOR)
        out.print(f"{plain(email)} has no second factor.")

    _run(removing)


@app.command()
def link(
    user: Annotated[
        str | None, typer.Option(help="Email of the user who should set a new password.")
    ] = None,
) -> None:
    """Print a one-time link: to sign in as the local operator (15 minutes), or for a user to set a password (24 hours)."""

    async def linking(people: "People", settings: Settings) -> None:
        await _print_link(people, settings, user)

    _run(linking)


async def _print_link(people: "People", settings: Settings, email: str | None) -> None:
    from hermes_base.processes import address_of

    base = address_of(settings)
    if email is None:
        token = await people.sign_in.local_link()
    else:
        token = await people.sign_in.password_link((await people.users.find(email)).id, ACTOR)
    out.print(f"{base}/sign-in/{token}")


def _ask_password() -> str:
    """Typed twice without an echo; the first line of standard input where that is no terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)


def _run(what: Callable[["People", Settings], Awaitable[None]]) -> None:
    asyncio.run(_with_people(what))


async def _with_people(what: Callable[["People", Settings], Awaitable[Any]]) -> None:
    from hermes_base.people import People
    from hermes_base.postgres.opening import borrowed_database, current_database

    settings = load()
    async with (
        borrowed_database(settings),
        current_database(settings, size=2) as pool,
    ):
        await what(People(pool), settings)
