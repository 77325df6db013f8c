"""The only place that knows both products: one application, one command, one set of processes."""
