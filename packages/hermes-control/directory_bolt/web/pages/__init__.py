"""The pages of orders, for staff and customers."""
