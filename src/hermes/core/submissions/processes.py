"""The background processes of Directory-Bolt, and when one counts as silent."""

PROCESSES = ("relay", "brain", "subscriber", "flow-worker", "monitor")
SILENT_SECONDS = 20.0
"""A process whose heartbeat is older is silent."""
