"""What of an answer counts as delivered."""
