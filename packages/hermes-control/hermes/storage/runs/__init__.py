"""Runs and test jobs in PostgreSQL: claiming, saving, reading."""
