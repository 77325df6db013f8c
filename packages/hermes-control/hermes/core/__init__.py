"""Rules without I/O: time, ids and randomness are passed in, values come out."""
