"""The pages of inspector."""
