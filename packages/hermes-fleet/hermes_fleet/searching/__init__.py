"""Who is found for a keyword: outside search providers, or a local index of pages that were read."""
