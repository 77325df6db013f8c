"""Directory-Bolt in a storm: processes die at random moments, and then everything is counted."""
