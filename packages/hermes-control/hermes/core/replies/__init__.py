"""From the answer of a worker to what it says."""
