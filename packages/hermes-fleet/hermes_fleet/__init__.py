"""The bundled workers, one folder each, and the process that serves them (`python -m hermes_fleet`)."""
