"""Directory-Bolt's rules without I/O: packages, states, identity, messages, forms and outcomes."""
