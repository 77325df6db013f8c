"""Dialects: how an API that somebody else made starts, reports and cancels jobs, as data."""
