"""Users, sessions, sign-in attempts and API tokens in PostgreSQL."""
