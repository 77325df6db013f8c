"""`hermes browser install | status`."""

import typer

import hermes_browser
from hermes_base.cli.console import out, plain

app = typer.Typer(no_args_is_help=True)


@app.command()
def install() -> int:
    """Install Chromium: Playwright's download, or else the Debian package (needs root)."""
    return hermes_browser.install()


@app.command()
def status() -> int:
    """Show which browser Hermes would use."""
    found = hermes_browser.find()
    out.print(plain(found or hermes_browser.NOT_READY))
    return 0 if found else 1
