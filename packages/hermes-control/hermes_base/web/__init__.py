"""The frame of the web application: who may ask, problems, live events, HTML."""
