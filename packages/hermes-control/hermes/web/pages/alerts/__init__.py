"""Alerts of services."""
