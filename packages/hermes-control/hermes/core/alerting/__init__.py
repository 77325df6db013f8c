"""Rules of alerts: what has one cause, who is told what and when, and in which words."""
