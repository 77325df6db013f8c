"""Who starts a test job: a person, or Hermes itself, by a schedule or to deliver alerts."""

ALERTS = "alerts"
"""Requested by Hermes, to deliver alerts through the service Notifications."""
SCHEDULE = "schedule "
"""What the name of every schedule begins with; its cron expression and time zone follow."""
