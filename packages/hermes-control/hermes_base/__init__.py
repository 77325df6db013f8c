"""What both products stand on: settings, PostgreSQL, HTTP, people, the web frame and the command line."""

__version__ = "0.1.0"
