"""`hermes catalog check | show | new | diff`: the services, and what an installation's own files change."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from hermes.bootstrap import catalog_files
from hermes.catalog_files import CatalogFiles
from hermes.core.catalog import Catalog, Service
from hermes.core.catalog_layers import LARGEST, Change, parse
from hermes_base.cli.console import out, plain, print_json
from hermes_base.problems import Problem
from hermes_base.secret_files import write_whole
from hermes_base.settings import load

app = typer.Typer(no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
LONGEST = 60

NEW = """# {name}: a service of your own. `hermes catalog check` names every fault; a running Hermes reads the file by itself.
[[services]]
slug = "{slug}"
name = "{name}"
purpose = "What it is for, in one sentence."
# dialect = "replicate"          # where its worker speaks another API: hermes dialects list
# supports_async = true          # starts return a job that is asked for later
# supports_cancel = true
# depends_on = ["crawl_render"]  # services that are tested before it

[services.smoke]
payload = {{ max_urls = 10 }}
response_seconds = 30
deadline_seconds = 120

[services.full]
deadline_seconds = 3600

[[services.outputs]]
slug = "pages_checked"
type = "number"                  # number, list, object, text or flag
unit = "pages"
severity = "critical"
schema = {{ type = "integer", minimum = 1 }}

[[services.outputs]]
slug = "problems"
type = "list"
schema = {{ items = {{ type = "object", required = ["url"] }} }}
"""


def _files() -> CatalogFiles:
    return catalog_files(load())


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="A file that is not in its folder yet.")
    ] = None,
) -> None:
    """Check the files of this installation, or one more on top of them: every fault by its place."""
    files = _files()
    more = [] if file is None else [parse(_text(file), file.name)]
    found = files.read(more)
    own = f"{len(found.changes)} changes" if len(found.changes) != 1 else "1 change"
    out.print(
        f"The catalog is valid: {len(found.catalog.services)} services, {own} from your files."
    )


def _text(file: Path) -> str:
    """The text of a file. Raises `catalog_invalid`."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(
            "catalog_invalid", f"{file} cannot be read: {error}", "Correct the path."
        ) from None


@app.command()
def show(
    slug: Annotated[
        str | None, typer.Argument(help="A service (slug or alias); empty: all.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show the services in force, or one with its outputs and what your files changed of it."""
    files = _files()
    catalog = files()
    if json:
        told: Any = catalog if slug is None else catalog.service(slug)
        print_json(told.model_dump(mode="json", by_alias=True, exclude_defaults=True))
        return
    if slug is None:
        _all(files, catalog)
        return
    _one(catalog.service(slug), [c for c in files.layered.changes if c.service == slug])


def _all(files: CatalogFiles, catalog: Catalog) -> None:
    changed = {change.service: change.source for change in files.layered.changes}
    drawn = Table("Service", "State", "Outputs", "Own file", box=None, pad_edge=False)
    for service in catalog:
        count = str(len(service.expected_outputs))
        drawn.add_row(service.slug, service.state, count, plain(changed.get(service.slug, "")))
    for slug, why in files.layered.off.items():
        drawn.add_row(slug, "off", "", plain(why or changed[slug]))
    out.print(drawn)
    _fault(files)


def _one(service: Service, changes: list[Change]) -> None:
    out.print(f"[bold]{plain(service.name)}[/] ({service.slug}): {plain(service.purpose)}")
    drawn = Table("Output", "Type", "Unit", "Severity", "Contract", box=None, pad_edge=False)
    for output in service.outputs:
        contract = _short(output.value_schema) if output.value_schema else ""
        drawn.add_row(
            output.slug, output.type, plain(output.unit), output.severity, plain(contract)
        )
    out.print(drawn)
    if changes:
        out.print(_changes(changes))


@app.command()
def diff(json: AsJson = False) -> None:
    """Show what your files change of the catalog that ships, field by field."""
    files = _files()
    changes = files.layered.changes
    if json:
        names = ("service", "field", "before", "after", "source")
        print_json([{name: getattr(each, name) for name in names} for each in changes])
        return
    out.print(_changes(changes) if changes else "Your files change nothing.")
    _fault(files)


def _changes(changes: Any) -> Table:
    drawn = Table("Service", "Field", "Before", "After", "File", box=None, pad_edge=False)
    for each in changes:
        cells = (
            each.service,
            each.field or "the whole service",
            _short(each.before),
            _short(each.after),
        )
        drawn.add_row(*map(plain, cells), plain(each.source))
    return drawn


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _fault(files: CatalogFiles) -> None:
    if files.fault is not None:
        raise Problem("catalog_invalid", files.fault.says, "Run: hermes catalog check")


@app.command()
def new(
    slug: Annotated[str, typer.Argument(help="Slug of the service, such as price_watch.")],
) -> None:
    """Write a file for a service of your own, ready to edit."""
    settings = load()
    path = settings.home / "catalog.d" / f"{slug}.toml"
    text = NEW.format(slug=slug, name=slug.replace("_", " ").capitalize())
    if catalog_files(settings)().find(slug) is not None or path.exists():
        raise Problem(
            "catalog_invalid", f"There is a service {slug} already.", "Choose another slug."
        )
    catalog_files(settings).read([parse(text, path.name)])
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text, mode=0o644)
    out.print(
        f"Wrote {plain(path)}. Edit it; its worker's address and key go into the secret HERMES_WORKER_{slug.upper()}."
    )
