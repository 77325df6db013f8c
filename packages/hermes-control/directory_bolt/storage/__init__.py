"""Directory-Bolt's rows: one function is one statement with a sentence above it."""
