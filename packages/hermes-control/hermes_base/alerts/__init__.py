"""Alerts of every part of Hermes: one row is one cause with one life, told by one outbox."""
