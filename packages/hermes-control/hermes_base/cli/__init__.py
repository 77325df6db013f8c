"""What the commands of both products share."""
