"""Channels at work: letters of alerts on their way to people, under the egress policy."""
