"""The commands of the control room."""
