"""Chaos test of Directory-Bolt: processes die at random moments, and then everything is counted."""
