"""The calls of the worker contract over HTTP (`hermes_base.http` is the client)."""
