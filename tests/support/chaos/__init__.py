"""The whole of Hermes under kill -9 and cut networks: what was lost, doubled or judged wrongly."""
