"""The web front end: the JSON API, the pages, and live events. Speaks to `control` only."""
