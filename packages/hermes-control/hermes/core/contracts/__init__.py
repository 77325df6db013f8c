"""Contracts of outputs: what a value must be to count, compiled from the data of the catalog."""
