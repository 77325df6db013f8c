"""`hermes browser install` on a machine without a browser: Playwright's own installer, and a host on loopback."""

import io
import sys
import threading
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import PIPE, run

INSTALL = "import sys, hermes_browser; sys.exit(hermes_browser.install())"
FOLDERS = ("chrome-linux", "chrome-headless-shell-linux64", "")
PROGRAMS = ("headless_shell", "chrome-headless-shell", "ffmpeg-linux")


def archive() -> bytes:
    """What the host holds, under every name of recent revisions: programs of one line."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for folder in FOLDERS:
            for program in PROGRAMS:
                entry = zipfile.ZipInfo(f"{folder}/{program}".lstrip("/"))
                entry.external_attr = 0o100755 << 16
                packed.writestr(entry, "#!/bin/sh\n")
    return content.getvalue()


@contextmanager
def host(content: bytes) -> Generator[str]:
    """A host that has this under every name."""

    class Download(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the library's
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Download)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def installed(folder: Path, address: str) -> tuple[int, str]:
    """The exit code and the words of an installation where PATH has no program at all."""
    environment = {
        "HOME": str(folder),
        "PATH": str(folder),
        "PLAYWRIGHT_BROWSERS_PATH": str(folder / "browsers"),
        "PLAYWRIGHT_DOWNLOAD_HOST": address,
        "PLAYWRIGHT_SKIP_VALIDATE_HOST_REQUIREMENTS": "1",
    }
    done = run(
        [sys.executable, "-c", INSTALL], env=environment, stdout=PIPE, text=True, check=False
    )
    return done.returncode, done.stdout


def test_a_download_that_brings_a_browser_makes_one_ready(tmp_path: Path) -> None:
    with host(archive()) as address:
        code, words = installed(tmp_path, address)
    assert (code, words.splitlines()[0]) == (0, "Trying Playwright's download ...")
    assert f"Ready: {tmp_path}/browsers/chromium_headless_shell-" in words
