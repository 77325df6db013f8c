"""What stands around every page of a directory."""

from html import escape

from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.words import PHRASES

STYLE = """
body { font: 16px/1.5 Georgia, serif; margin: 0 auto; max-width: 44rem; padding: 1rem; color: #222; background: #fff; }
nav a { margin-right: 1rem; } header { border-bottom: 1px solid #ccc; } footer { color: #666; margin-top: 2rem; }
.field, .stacked, .row, li, dd { margin-bottom: .6rem; } .row { display: flex; gap: 1rem; } .cell { width: 50%; }
ul, .boxes { list-style: none; padding-left: 1rem; } .error { color: #b00; }
.elsewhere { position: absolute; left: -9999px; top: -9999px; }
.faint { height: 0; overflow: hidden; opacity: 0; }
"""


def page(directory: Directory, title: str, *body: str) -> str:
    """A whole document; `body` is HTML, `title` plain text."""
    phrases, slug = PHRASES[directory.language], directory.slug
    footer = phrases["footer"].format(name=directory.name)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{directory.language}">',
            '<head><meta charset="utf-8">',
            f"<title>{escape(title)} - {escape(directory.name)}</title>",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<link rel="icon" href="data:,">',
            f"<style>{STYLE}</style></head>",
            f"<body><header><strong>{escape(directory.name)}</strong><nav>",
            f'<a href="/{slug}/">{escape(phrases["home"])}</a>',
            f'<a href="/{slug}/listings">{escape(phrases["search_title"])}</a></nav></header>',
            f"<main><h1>{escape(title)}</h1>",
            *body,
            "</main>",
            f"<footer>{escape(footer)}</footer></body></html>\n",
        ]
    )


def text(sentence: str, **facts: str) -> str:
    """A paragraph: a sentence with its facts, escaped."""
    return f"<p>{escape(sentence.format(**facts))}</p>"


def bare(directory: Directory, *body: str) -> str:
    """A document that stands in a frame of another."""
    head = f'<meta charset="utf-8"><title>{escape(directory.name)}</title><style>{STYLE}</style>'
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{directory.language}"><head>{head}</head><body>',
            *body,
            "</body></html>\n",
        ]
    )
