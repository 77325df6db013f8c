"""Pages per second of the product's crawler, beside Scrapy and Crawlee on the same site.

Site and crawlers are processes of their own on this machine. In each round all crawlers crawl the whole
site one after the other, each round beginning with another; all obey robots.txt and have the same number
of requests under way. A figure counts only if all have read the same set of pages. What is timed begins
with the first request and ends with the last result; starting Python and importing is left out. Pages
per second of processor time say more than those of the clock where the machine has other work.

    tools/bench.sh && .venv/bin/python bench/crawl.py [--pages 900] [--rounds 3] [--at-once 16] [--soup]

Ends with 0; with 1 when page sets differ or ours is not ahead; with 2 when .venv-bench is missing.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urldefrag

HERE = Path(__file__).with_name("crawl")
OTHERS_PYTHON = Path(__file__).parents[1] / ".venv-bench" / "bin" / "python"
SECONDS_FOR_ONE = 300
OURS = "hermes"
OPENED = {"HERMES_PRIVATE_SITES": "127.0.0.1"}
"""The site is on this machine, which our crawler refuses to call unless an admin has opened it."""


@dataclass(frozen=True)
class Crawler:
    """How a crawler is started; the site and the requests at once follow the script."""

    name: str
    python: str
    script: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """One crawl of the site."""

    seconds: float
    cpu_seconds: float
    pages: frozenset[str]
    memory_mb: float

    @property
    def speed(self) -> float:
        """Pages per second by the clock."""
        return len(self.pages) / self.seconds

    @property
    def thrift(self) -> float:
        """Pages per second of processor time."""
        return len(self.pages) / self.cpu_seconds


def main() -> int:
    asked = arguments()
    if not OTHERS_PYTHON.exists():
        print("The other crawlers are not installed: run tools/bench.sh first.", file=sys.stderr)
        return 2
    crawlers = those(asked.soup)
    with site(asked) as address:
        rounds = [one_round(crawlers, n, address, asked) for n in range(asked.rounds)]
    table(crawlers, rounds)
    behind = [name for name, ratio in ratios(crawlers, rounds).items() if ratio <= 1]
    if behind:
        print(f"Ours is not ahead of {', '.join(behind)}.")
    return 1 if differing(rounds) or behind else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=900)
    parser.add_argument("--links", type=int, default=40, help="on a page")
    parser.add_argument("--size", type=int, default=21_000, help="bytes of a page")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, default=16, help="requests under way")
    parser.add_argument("--soup", action="store_true", help="Crawlee's BeautifulSoupCrawler too")
    return parser.parse_args()


def those(soup: bool) -> list[Crawler]:
    others = str(OTHERS_PYTHON)
    found = [
        Crawler(OURS, sys.executable, "ours.py"),
        Crawler("scrapy", others, "by_scrapy.py"),
        Crawler("crawlee parsel", others, "by_crawlee.py"),
    ]
    return [*found, Crawler("crawlee soup", others, "by_crawlee.py", ("soup",))] if soup else found


@contextmanager
def site(asked: argparse.Namespace) -> Generator[str]:
    """The site's process; its address."""
    sizes = [f"--{name}={getattr(asked, name)}" for name in ("pages", "links", "size")]
    command = [sys.executable, str(HERE / "site.py"), *sizes]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/"
        finally:
            process.stdin.close()


def one_round(
    crawlers: list[Crawler], number: int, address: str, asked: argparse.Namespace
) -> dict[str, Run]:
    turn = number % len(crawlers)
    found = dict[str, Run]()
    for crawler in (*crawlers[turn:], *crawlers[:turn]):
        run = found[crawler.name] = crawl(crawler, address, asked.at_once)
        print(f"  round {number + 1}: {crawler.name:15} {run.speed:7.1f} pages/s", flush=True)
    return found


def crawl(crawler: Crawler, address: str, at_once: int) -> Run:
    script = str(HERE / crawler.script)
    done = subprocess.run(
        [crawler.python, script, address, str(at_once), *crawler.more],
        env=os.environ | OPENED,
        capture_output=True,
        timeout=SECONDS_FOR_ONE,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{crawler.name} failed:\n{done.stderr.decode()[-2000:]}")
    told = json.loads(done.stdout)
    pages = frozenset(urldefrag(url).url for url in told["urls"])
    return Run(told["seconds"], told["cpu_seconds"], pages, told["memory_mb"])


def table(crawlers: Iterable[Crawler], rounds: list[dict[str, Run]]) -> None:
    """Medians over the rounds."""
    print(
        f"\n{'':15} {'pages':>6} {'pages/s':>8} {'lowest':>8} {'highest':>8} {'per CPU s':>9} {'MB':>5}"
    )
    for crawler in crawlers:
        runs = [each[crawler.name] for each in rounds]
        speeds = [run.speed for run in runs]
        figures = (
            f"{len(runs[0].pages):6} {median(speeds):8.1f} {min(speeds):8.1f} {max(speeds):8.1f}"
        )
        more = f"{median(r.thrift for r in runs):9.1f} {median(r.memory_mb for r in runs):5.0f}"
        print(f"{crawler.name:15} {figures} {more}")
    by_cpu = ratios(crawlers, rounds, lambda run: run.thrift)
    for name, ratio in ratios(crawlers, rounds).items():
        print(f"ours / {name}: {ratio:.2f} by the clock, {by_cpu[name]:.2f} by processor time")
    for said in differing(rounds):
        print(said)


def ratios(
    crawlers: Iterable[Crawler],
    rounds: list[dict[str, Run]],
    figure: Callable[[Run], float] = lambda run: run.speed,
) -> dict[str, float]:
    """Our figure over theirs: the median of each round's own ratio."""
    return {
        crawler.name: median(figure(each[OURS]) / figure(each[crawler.name]) for each in rounds)
        for crawler in crawlers
        if crawler.name != OURS
    }


def differing(rounds: list[dict[str, Run]]) -> list[str]:
    """A sentence for each crawl whose pages are not those of our first."""
    expected = rounds[0][OURS].pages
    found = list[str]()
    for number, each in enumerate(rounds, 1):
        for name, run in each.items():
            more, less = sorted(run.pages - expected), sorted(expected - run.pages)
            if more or less:
                said = f"+{len(more)} {more[:5]} -{len(less)} {less[:5]}"
                found.append(f"DIFFERENT PAGES in round {number}, {name}: {said}")
    return found


if __name__ == "__main__":
    sys.exit(main())
