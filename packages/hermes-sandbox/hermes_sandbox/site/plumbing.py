"""robots.txt, the sitemaps (one of them packed), the stylesheet and the icon."""

import gzip
from xml.sax.saxutils import escape

from hermes_sandbox.site.draft import Draft
from hermes_sandbox.site.model import File

DISALLOWED = ("/private/", "/calendar/", "/__truth__.json")
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
STYLE = """
:root { color-scheme: light dark; --ink: #1c2b33; --soft: #5b6f78; --line: #d7e0e3; --leaf: #1f7a5c; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eef0; --soft: #9fb3ba; --line: #2c3b42; --leaf: #6fcfae; --paper: #10181c; } }
body { font: 17px/1.6 Georgia, serif; color: var(--ink); background: var(--paper); margin: 0 auto; max-width: 46rem; padding: 1rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; font: 15px system-ui, sans-serif; }
a { color: var(--leaf); } .brand { font-size: 1.3rem; font-weight: bold; margin: 0; }
header, footer { border-bottom: 1px solid var(--line); } footer { border: 0; border-top: 1px solid var(--line); color: var(--soft); }
"""
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="#1f7a5c"/></svg>'


def lay(draft: Draft) -> None:
    """Add the files that every site has."""
    half = len(draft.sitemap) // 2
    first, second = draft.sitemap[:half], draft.sitemap[half:]
    packed = gzip.compress(_urlset(draft.base_url, second).encode(), mtime=0)
    for file in (
        File("/robots.txt", "text/plain", _robots(draft.base_url).encode()),
        File("/sitemap.xml", "application/xml", _index(draft.base_url).encode()),
        File("/sitemap-pages.xml", "application/xml", _urlset(draft.base_url, first).encode()),
        File("/sitemap-more.xml.gz", "application/gzip", packed),
        File("/static/site.css", "text/css", STYLE.encode()),
        File("/static/icon.svg", "image/svg+xml", ICON.encode()),
    ):
        draft.add(file)


def _robots(base: str) -> str:
    rules = "\n".join(f"Disallow: {path}" for path in DISALLOWED)
    return f"User-agent: *\n{rules}\n\nSitemap: {base}/sitemap.xml\n"


def _index(base: str) -> str:
    names = ("sitemap-pages.xml", "sitemap-more.xml.gz")
    inner = "".join(f"<sitemap><loc>{escape(base)}/{name}</loc></sitemap>" for name in names)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{NAMESPACE}">{inner}</sitemapindex>\n'


def _urlset(base: str, paths: list[str]) -> str:
    inner = "".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in paths)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">{inner}</urlset>\n'
