"""Judging outputs: which of a finished answer count as delivered, and the verdict (`verdicts`)."""
