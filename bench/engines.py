"""The same order of 50 directories on the embedded queue and flow, and on SQS (a local server) with Prefect.

The directories are scripted and answer at once in both; what is measured is the engines: seconds from
the order entering the queue to its end. Queue, servers and workers run before the clock starts.

    .venv-engines/bin/python bench/engines.py [--directories 50] [--rounds 3]
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    runpy.run_module("tests.directory_bolt.engines.race", run_name="__main__", alter_sys=True)
