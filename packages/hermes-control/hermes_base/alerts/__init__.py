"""Alerts of both products: problems that are open until they are over, and who was told of them."""
