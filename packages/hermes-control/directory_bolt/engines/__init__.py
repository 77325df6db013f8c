"""The engines of Directory-Bolt behind two small protocols: a queue, and what runs a flow."""
