"""Forms and their fields as plain data."""
