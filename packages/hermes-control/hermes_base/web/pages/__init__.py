"""Pages of the frame: signing in, people, tokens, audit."""
