"""Exit codes: scripts and CI rely on them."""

OK = 0
FAILED = 1
PARTIAL = 2
NO_VERDICT = 3
CONFIGURATION = 4
NOTHING_SELECTED = 5
TIMED_OUT = 6
