"""Core Web Vitals of the product beside Lighthouse, on pages whose figures are known.

The pages are served by this process: shifts of a known size at known times, tasks of a known length,
late and slow content. Each is measured by the worker's own loading and by Lighthouse (mobile,
throttling by the browser) with the same Chromium, one after the other.

    npm install --prefix FOLDER lighthouse@12 && .venv/bin/python bench/vitals.py FOLDER [--runs 3]

Prints LCP, CLS and TBT of both and the medians of their differences. Ends with 1 when a median is
beyond 5 % or 50 ms (CLS 0.005), with 2 when Lighthouse is not in the folder.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from aiohttp import web

import hermes_browser
from hermes_fleet.core_web_vitals.load import load
from hermes_fleet.core_web_vitals.metrics import Measured

PROSE = "<p>Our dentists treat children and adults in three practices beside the river.</p>" * 8
SIZE = '<div id="top" style="height:0"></div>'
METRICS = {
    "lcp": "largest-contentful-paint",
    "cls": "cumulative-layout-shift",
    "tbt": "total-blocking-time",
}
NEAR = {"lcp": 50.0, "tbt": 50.0, "cls": 0.005}
SECONDS = 120


def shift(after: int, pixels: int = 300) -> str:
    """Move all text down, so long after the script ran."""
    return f"setTimeout(() => document.getElementById('top').style.height = '{pixels}px', {after})"


def work(after: int, length: int = 90) -> str:
    """Keep the processor busy; the emulated phone takes no longer, since the clock is asked."""
    return f"setTimeout(() => {{ const b = performance.now(); while (performance.now() - b < {length}) ; }}, {after})"


def late(after: int) -> str:
    """Draw a text larger than all others."""
    return f"setTimeout(() => document.body.insertAdjacentHTML('beforeend', '<h1 style=\"position:fixed;top:0;font-size:90px;background:white\">Late and large words</h1>'), {after})"


PAGES = {
    "/still": "",
    "/shift-150": shift(150),
    "/shift-400": shift(400),
    "/shift-2500": shift(2500),
    "/shift-4500": shift(4500),
    "/shifts-two": f"{shift(200, 100)};{shift(700, 200)}",
    "/work-300": work(300, 350),
    "/work-2000": work(2000, 350),
    "/work-thrice": f"{work(300, 120)};{work(900, 120)};{work(1500, 120)}",
    "/late-500": late(500),
    "/late-3000": late(3000),
    "/all": f"{shift(600)};{work(1200, 250)};{late(2000)}",
}


@dataclass(frozen=True)
class Pair:
    """One page's figures by both."""

    path: str
    ours: Mapping[str, float]
    theirs: Mapping[str, float]

    def apart(self, name: str) -> float:
        """The difference of one figure, in its unit."""
        return abs(self.ours.get(name, 0.0) - self.theirs.get(name, 0.0))


async def main() -> int:
    """Measure all pages by both and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where Lighthouse is installed by npm")
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    program = arguments.folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        print(f"{program} is missing.", file=sys.stderr)
        return 2
    app = web.Application()
    app.router.add_get("/{path:.*}", _answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    pairs = [await _pair(base, path, program, arguments.runs) for path in PAGES]
    await runner.cleanup()
    return _told(pairs)


async def _answer(request: web.Request) -> web.Response:
    script = PAGES.get(request.path, "")
    text = (
        "<!doctype html><html lang=en><head><meta name=viewport content=width=device-width>"
        f"<title>T</title></head><body>{SIZE}{PROSE}<script>{script}</script></body></html>"
    )
    return web.Response(text=text, content_type="text/html")


async def _pair(base: str, path: str, program: Path, runs: int) -> Pair:
    async with hermes_browser.browser([]) as browser:
        loads = [await load(browser, base + path) for _run in range(runs)]
    ours = Measured(base + path, loads).figures
    theirs = [await _lighthouse(program, base + path) for _run in range(runs)]
    pair = Pair(path, ours, {name: median(each[name] for each in theirs) for name in METRICS})
    told = (f"{name} {ours.get(name, 0):g} / {pair.theirs[name]:.4g}" for name in METRICS)
    print(f"{path:14}", "   ".join(told), flush=True)
    return pair


async def _lighthouse(program: Path, url: str) -> dict[str, float]:
    """Lighthouse's figures of one load."""
    command = [
        "node", str(program), url, "--quiet", "--output=json", "--only-categories=performance",
        "--throttling-method=devtools", "--chrome-flags=--headless=new --no-sandbox",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        env={"CHROME_PATH": str(hermes_browser.find())} | _environment(),
    )
    output, _errors = await asyncio.wait_for(process.communicate(), SECONDS)
    audits: dict[str, Any] = json.loads(output)["audits"]
    return {name: float(audits[audit]["numericValue"]) for name, audit in METRICS.items()}


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}


def _told(pairs: list[Pair]) -> int:
    beyond = 0
    for name, near in NEAR.items():
        middle = median(pair.apart(name) for pair in pairs)
        allowed = max(
            near, 0.05 * median(pair.theirs[name] for pair in pairs) if name != "cls" else 0
        )
        beyond += middle > allowed
        print(f"{name}: median difference {middle:.4g}, allowed {allowed:.4g}")
    return int(beyond > 0)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
