"""Rules of orders: packages, purchases, states, events."""
