"""Upkeep: schedules, waivers, alerts, maintenance windows, secrets, and the record of who did what."""
