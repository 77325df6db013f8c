"""What people and programs can do with the control room. `hermes.control` puts the parts together."""
