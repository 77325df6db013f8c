"""Directories as a business writes them down: the entries of a file or a request."""
