"""Where orders come from."""

PROVING = frozenset({"test", "verify"})
"""Sources of orders that only prove that the system works.

Their business is invented, so they are sent to demo directories alone, and whoever made one may delete
it with all its traces.
"""
