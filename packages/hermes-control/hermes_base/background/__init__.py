"""What background processes have in common: their loops, leases and heartbeats."""
