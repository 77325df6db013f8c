"""Rules of `hermes verify`: what was seen, what it means, and which hop is broken."""
