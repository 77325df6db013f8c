"""All runs of a site."""
