"""Sites: what people enter about them, and what services read from them."""
