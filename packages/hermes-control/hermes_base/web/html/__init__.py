"""Templates to answers, and the words and forms that pages share."""
