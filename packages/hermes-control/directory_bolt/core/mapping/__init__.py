"""Which field of a form asks for what."""
