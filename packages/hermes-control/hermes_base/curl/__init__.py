"""libcurl on the event loop: the bridge below `hermes_base.http`. docs/http-client.md says what and why."""
