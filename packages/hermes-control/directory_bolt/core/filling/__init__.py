"""From a profile to the values that a form takes."""
