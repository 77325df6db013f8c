"""Directory-Bolt: a paid order on its way to listings."""
