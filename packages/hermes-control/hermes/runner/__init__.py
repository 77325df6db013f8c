"""The runner: claims due runs in batches, takes each one step on, saves the results in batches."""
