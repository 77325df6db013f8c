"""Repositories of static sites as files, and approved changes to them."""

from datetime import UTC, datetime
from typing import Any

from hermes_fleet.site_executor.change import Change

HOME = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Juniper &amp; Dental</title>
  <!-- <title>Not this one</title> -->
  <META NAME=description CONTENT='Dentists in "Maple Quay"'>
  <link href=https://www.example.com/ rel="canonical">
  <script>var title = "<title>nor this</title>";</script>
</head>
<body>
  <svg><title>A drawing</title></svg>
  <h1>Juniper Dental</h1>
  <img src="/team.jpg" alt="Team"><img src='/team.jpg'/><IMG SRC=/map.png ALT>
  <p><a href="/prices.html">Prices</a> &middot; <a href='/about'>About &eacute;</a> <a href=/notes/care>Care</a></p>
</body>
</html>
"""
PRICES = (
    '<html><head><title>Prices</title></head>\r\n<body><a href="/">Home</a>'
    '<a href="/about?from=prices#top">About</a></body></html>\r\n'
)
ABOUT = "<html><head>\n\t<title>About\n\tus</title>\n</head><body><a href=/>Home</a><a href=/prices.html>P</a></body></html>"
CARE = """---
title: "Care after a visit"
date: 2026-02-03
tags:
  - care
description: 'What''s to be done'
---

# Care

Read ![the plan](/plan.png "Plan") or [prices](/prices.html) and [home](/).

```
[not a link](/prices.html)
```

Also `[nor this](/prices.html)`. See [about][a].

[a]: /about "About us"
"""
BARE = "---\nlayout: page\n---\nNothing but [home](/).\n"
FILES = {
    "index.html": HOME,
    "prices.html": PRICES,
    "about.html": ABOUT,
    "content/notes/care.md": CARE,
    "content/bare.md": BARE,
    "_redirects": "/old /prices.html 301",
}


def change(page: str, kind: str, after: str, before: str | None = None, **more: Any) -> Change:
    """An approved change."""
    return Change.model_validate(
        {
            "id": more.pop("id", "c1"),
            "page": page,
            "kind": kind,
            "target": "",
            "before": before,
            "after": after,
            "approved_by": "ann@example.com",
            "approved_at": datetime(2026, 11, 20, tzinfo=UTC),
            "roll_back": False,
            **more,
        },
        by_name=True,
    )
