"""Things to try Hermes on: a demo site with planted, listed faults."""
