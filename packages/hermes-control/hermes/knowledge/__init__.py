"""What is known about search and websites: data, one file a topic, and the documents it rests on.

Written in our own words from the documents named; `reviewed` says when an entry was last compared
with them. After a change raise `version` in sources.toml.
"""
