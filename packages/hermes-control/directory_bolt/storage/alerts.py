"""Alerts of orders, of which staff are told on their pages."""

from hermes_base.alerts.storage import AlertStore

_store = AlertStore("orders")
raise_alert = _store.raise_alert
close_alerts = _store.close_alerts
close_alert = _store.close_alert
alerts = _store.alerts
erase = _store.erase
