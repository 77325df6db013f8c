"""What the tests stand on: a database per test, a scripted worker, a held clock."""
