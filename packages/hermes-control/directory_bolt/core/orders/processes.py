"""The background processes of Directory-Bolt, and when one counts as silent."""

PROCESSES = ("relay", "brain", "subscriber", "flow-worker", "monitor")
SILENT_SECONDS = 20.0
"""A process whose heartbeat is older is silent: health says so."""
ALARMING_SECONDS = 45.0
"""A silence as long as this opens an alert; a restart, which finishes what is in hand, takes less."""
WATCHED_KINDS = ("silent", "stuck", "outbox", "never_queued", "dead_letters", "lapsed")
"""Alerts that the monitor opens and closes; others (shortage, intake ...) are closed by people."""
