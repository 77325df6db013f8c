"""Pictures of every screen of the demo, in light and dark, wide and narrow, into build/screenshots/.

.venv/bin/python tools/screenshots.py [--docs]   # --docs renews the three of the README
"""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    runpy.run_module("tests.support.pictures", run_name="__main__", alter_sys=True)
