"""HTTP to workers: one small client that tells every failure apart, and the calls of the contract."""
