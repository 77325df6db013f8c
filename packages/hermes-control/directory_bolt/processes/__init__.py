"""Directory-Bolt's processes: relay, brain, subscriber, flow worker with its browser, monitor."""
