"""Chaos test of Directory-Bolt: orders of 50 directories, and at random moments kill -9 of the web server,
the subscriber, the flow worker, its browser, the brain, the monitor or PostgreSQL. Exits 1 unless every
directory ended exactly once, none received a form twice, and nothing is stuck.

    .venv/bin/python bench/orders_chaos.py [--rounds 200] [--directories 50] [--seed N] [--keep FOLDER]
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    runpy.run_module("tests.support.orders_chaos", run_name="__main__", alter_sys=True)
