"""`hermes browser install`: Playwright's own download, else the system's package."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

from hermes_browser.finding import find

DOWNLOAD = (sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")
DOWNLOAD_SECONDS = 120
PACKAGE = "chromium-headless-shell"
PACKAGE_SECONDS = 600
BY_HAND = (
    f"Install Chromium with your system's packages (Debian: `apt-get install {PACKAGE}`, "
    "Fedora: `dnf install chromium-headless`, macOS: `brew install --cask chromium`), "
    "or set HERMES_BROWSER to one you have."
)


def install() -> int:
    """Get a Chromium, saying each step. Returns an exit code: 0 when one is there."""
    if found := find():
        return _say(f"Already installed: {found}", 0)
    if os.environ.get("HERMES_BROWSER"):
        return _say("HERMES_BROWSER is not an executable program. Correct it or unset it.", 1)
    for attempt in (_download, _package):
        if attempt() and (found := find()):
            return _say(f"Ready: {found}", 0)
    return _say(BY_HAND, 1)


def _download() -> bool:
    _say("Trying Playwright's download ...")
    return _run(DOWNLOAD, DOWNLOAD_SECONDS)


def _package() -> bool:
    if not shutil.which("apt-get"):
        return bool(_say("apt-get is not available, so no system package was tried."))
    if os.geteuid() != 0:
        return bool(_say("apt-get needs root, so no system package was tried."))
    _say(f"Trying the system's package {PACKAGE} ...")
    update = ("apt-get", "update", "-q")
    get = ("apt-get", "install", "-y", "-q", "--no-install-recommends", PACKAGE)
    return _run(update, PACKAGE_SECONDS) and _run(get, PACKAGE_SECONDS)


def _run(command: Sequence[str], seconds: float) -> bool:
    """Whether the command ended well in time; its last line is shown when not."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that giving up ends its children too
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return bool(_say(f"  gave up after {seconds:.0f} s"))
    if process.returncode:
        _say(f"  did not work: {_complaint(output)}")
    return process.returncode == 0


def _complaint(output: str) -> str:
    """The line that tells most: the first that speaks of an error, else the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower() or line.startswith("E:")]
    return (errors or lines[-1:] or ["no message"])[0]


def _say(sentence: str, code: int = 0) -> int:
    print(sentence, flush=True)
    return code
