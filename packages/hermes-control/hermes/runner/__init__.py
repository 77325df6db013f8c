"""The runner: claim due runs in batches, ask their workers, save in batches."""
