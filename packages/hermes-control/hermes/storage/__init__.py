"""PostgreSQL: one function is one statement, with a sentence above it."""
