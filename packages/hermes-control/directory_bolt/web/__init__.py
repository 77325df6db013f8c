"""The pages and the API of orders."""
