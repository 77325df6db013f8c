"""Reading replies: from an HTTP answer of a worker to one of a few values (`replies`)."""
