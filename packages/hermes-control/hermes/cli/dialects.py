"""`hermes dialects list | show | check | try`: how workers of others speak."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.table import Table

from hermes.bootstrap import open_vault
from hermes.contact.workers import Exchange
from hermes.core.catalog import ModeSpec, Output, Service
from hermes.core.dialects.dialect import Dialect
from hermes.core.dialects.findings import Found, found_in
from hermes.core.dialects.library import LARGEST, Dialects, UnknownDialect, read
from hermes.core.dialects.pages import lines
from hermes.core.replies.values import Accepted, Finished, Postponed, Working
from hermes.core.worker_config import WorkerConfig
from hermes.runner.requests import Requests
from hermes.runner.trial import Said, Trial, Trier
from hermes.vault import Environment, Vault
from hermes_base.cli.console import out, plain, print_json
from hermes_base.data_files import FaultyFile
from hermes_base.http.client import Client
from hermes_base.problems import Problem
from hermes_base.reasons import Failure
from hermes_base.settings import load

app = typer.Typer(no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Name = Annotated[str, typer.Argument(help="Name of a dialect, from `hermes dialects list`.")]
HINT = "See them all with: hermes dialects list"
SECRET = "HERMES_WORKER_TRIED"  # noqa: S105  # its name


def known() -> Dialects:
    """The dialects of this installation."""
    return open_vault(load()).dialects()


@app.command("list")
def list_dialects(json: AsJson = False) -> None:
    """List the dialects that Hermes knows: those that ship, and those in HERMES_HOME/dialects."""
    dialects = known()
    found = [dialects.dialect(name) for name in dialects.names]
    if json:
        print_json(
            [{"name": d.name, "title": d.title, "own": d.name in dialects.own} for d in found]
        )
        return
    drawn = Table("Name", "API", box=None, pad_edge=False)
    for each in found:
        own = " (HERMES_HOME)" if each.name in dialects.own else ""
        drawn.add_row(each.name, plain(each.title) + own)
    out.print(drawn)


@app.command()
def show(
    name: Name,
    source: Annotated[bool, typer.Option("--file", help="Print the file, to copy it.")] = False,
) -> None:
    """Show how a dialect works, in words or as its file."""
    dialects = known()
    try:
        text, dialect = dialects.text(name), dialects.dialect(name)
    except UnknownDialect as error:
        raise _unknown(error) from None
    if source:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    out.print(f"[bold]{plain(dialect.title)}[/]\n{plain(dialect.speaks)}")
    out.print(plain(dialect.setup)) if dialect.setup else None
    drawn = Table("Step", "What Hermes does", box=None, pad_edge=False)
    for step, how in lines(dialect):
        drawn.add_row(plain(step.replace("`", "")), plain(how))
    for value, told in dialect.values.items():
        default = "" if told.default is None else f" (default: {told.default})"
        drawn.add_row(f"value {value}", plain(f"{told.what}{default}"))
    out.print(drawn)


def _unknown(error: Exception) -> Problem:
    return Problem("unknown_dialect", f"The command {error}", HINT)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A TOML file, named like its dialect.")],
) -> None:
    """Check a file: every fault by its key, or nothing to say."""
    dialect = read_file(file)
    out.print(f"{plain(dialect.name)} is a dialect: {plain(dialect.title)}.")


def read_file(file: Path) -> Dialect:
    """The dialect in a file. Raises `dialect_invalid`."""
    try:
        with file.open("rb") as opened:
            return read(opened.read(LARGEST + 1).decode("utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        fault = f"{file} cannot be read: {error}"
    except FaultyFile as error:
        fault = str(error)
    raise Problem(
        "dialect_invalid", fault, "Correct the keys named above. docs/dialects.md explains each."
    )


@app.command("try")
def try_dialect(
    dialect: Annotated[str, typer.Argument(help="A file, or the name of a dialect.")],
    url: Annotated[str, typer.Option("--url", help="Address of the worker.")],
    key: Annotated[str, typer.Option("--key", envvar="HERMES_KEY", help="Its key.")] = "",
    value: Annotated[
        list[str] | None, typer.Option("--value", help="A value of the dialect: name=text.")
    ] = None,
    site: Annotated[
        str, typer.Option("--site", help="Address of the site that the job is about.")
    ] = "https://example.com",
    payload: Annotated[str, typer.Option("--payload", help="JSON sent with the start.")] = "{}",
    seconds: Annotated[float, typer.Option("--seconds", help="At most so long.")] = 120.0,
) -> int:
    """Start one job at a worker, follow it to its end, and show what Hermes reads of it. Nothing is stored."""
    own = read_file(Path(dialect)) if dialect.endswith(".toml") else None
    told = {"name": own.name if own else dialect, "values": values_of(value or [])}
    texts = {own.name: Path(dialect).read_text("utf-8")} if own else {}
    service = tried_service(payload)
    dialects = Dialects({**known().own, **texts})
    config = tried_config(url, key, told, service, dialects)
    trial = asyncio.run(run_trial(service, config, site, seconds))
    return report(trial)


def values_of(told: list[str]) -> dict[str, str]:
    """`name=text` options as a table. Raises `wrong_words`."""
    pairs = [each.partition("=") for each in told]
    if wrong := next((name for name, mark, _ in pairs if not (name and mark)), None):
        raise Problem("wrong_words", f"--value {wrong} has no value.", "Write --value name=text.")
    return {name: text for name, _, text in pairs}


def tried_service(payload: str, slug: str = "tried") -> Service:
    """A service for one trial, which promises one output of any name. Raises `wrong_words`."""
    try:
        sent: dict[str, Any] = orjson.loads(payload)
        spec = ModeSpec(payload=sent, response_seconds=60, deadline_seconds=3600)
    except ValueError:
        raise Problem(
            "wrong_words", "--payload is not a JSON object.", "Write --payload '{}'."
        ) from None
    return Service(
        slug=slug, name=slug, category="own", purpose="One trial.", state="built", secret=SECRET,
        supports_async=True, supports_cancel=True, honours_idempotency=True, warm_up_seconds=0,
        expected_outputs=("anything",), smoke=spec,
        outputs=(Output(slug="anything", label="Anything", type="object"),),
    )  # fmt: skip


def tried_config(
    url: str, key: str, told: object, service: Service, dialects: Dialects
) -> WorkerConfig:
    """The configuration of a worker that is tried. Raises `dialect_invalid`."""
    secret = orjson.dumps({"base_url": url, "api_key": key, "dialect": told}).decode()
    config = Vault([Environment({service.secret: secret})], lambda: dialects).worker(service)
    if isinstance(config, Failure):
        detail = config.detail.replace("The secret from environment", "The command")
        raise Problem("dialect_invalid", detail, HINT)
    return config


async def run_trial(service: Service, config: WorkerConfig, site: str, seconds: float) -> Trial:
    """One job, each exchange printed."""
    async with Client() as client:
        requests = Requests(client, lambda: datetime.now(UTC))
        trier = Trier(requests, lambda: datetime.now(UTC), tell)
        return await trier.tried(service, config, site, seconds)


def tell(exchange: Exchange, said: Said) -> None:
    """One line for an exchange: what was sent, what came back, and what it means."""
    status = exchange.status or "no response"
    out.print(f"  {plain(exchange.requested)} -> {status}: {plain(meaning_of(said))}")


def meaning_of(said: Said) -> str:
    """What was read, in words."""
    if isinstance(said, Accepted):
        return f"job {said.job_id} accepted"
    if isinstance(said, Working):
        progress = said.progress or {}
        done = f", {progress['done']} of {progress.get('total', '?')}" if "done" in progress else ""
        return f"{said.status}{done}"
    if isinstance(said, Finished):
        return "finished"
    failure = said.failure if isinstance(said, Postponed) else said
    return f"{failure.reason.label}. {failure.detail}"


def report(trial: Trial) -> int:
    """Print the end of a trial; the exit code."""
    if isinstance(trial.end, Failure):
        out.print(f"[red]Failed[/]: {plain(meaning_of(trial.end))}")
        return 1
    if trial.end.partly:
        out.print(f"[yellow]Partial[/]: {plain(trial.end.partly)}")
    found = found_in(trial.end.document)
    out.print("[green]Finished[/]. " + ("Found:" if found else "It returned no values."))
    if found:
        out.print(drawn(found))
    return 0 if found else 1


def drawn(found: list[Found]) -> Table:
    """A table of what was found."""
    table = Table("Output", "Type", "Value", "Where", box=None, pad_edge=False)
    for each in found:
        table.add_row(each.slug, each.type, plain(each.shown), plain(each.place))
    return table
