"""Chaos test of Hermes: `hermes up`, and at random moments kill -9 of the runner, the web server, the
worker or PostgreSQL, or a cut network. Exits 1 unless nothing is lost, doubled or judged wrongly.

    .venv/bin/python bench/chaos.py [--rounds 200] [--seed N]
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    runpy.run_module("tests.support.chaos", run_name="__main__", alter_sys=True)
