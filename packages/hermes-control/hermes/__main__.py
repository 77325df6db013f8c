"""`python -m hermes`."""

from hermes.wiring.program import main

main()
