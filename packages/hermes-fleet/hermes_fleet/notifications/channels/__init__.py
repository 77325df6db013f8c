"""The channels: one file each, and what they share."""
