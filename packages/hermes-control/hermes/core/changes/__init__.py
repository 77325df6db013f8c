"""Corrections to a site: what may be proposed, and what people read of them."""
