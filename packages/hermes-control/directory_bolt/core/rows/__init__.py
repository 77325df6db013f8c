"""What the tables of orders hold, as frozen values: one module for each part of an order's life."""
