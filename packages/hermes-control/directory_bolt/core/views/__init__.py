"""What people and programs read of orders."""
