"""What a page says became of a submission."""
