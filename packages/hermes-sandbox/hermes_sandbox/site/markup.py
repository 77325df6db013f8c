"""From a page's model to its HTML."""

from html import escape

from hermes_sandbox.site.chrome import JUNIPER, Frame
from hermes_sandbox.site.model import Link, Page, Section


def html(page: Page, frame: Frame = JUNIPER) -> str:
    """The whole document."""
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{page.language}">',
            "<head>",
            *_head(page),
            "</head>",
            "<body>",
            f'<header><p class="brand">{frame.name}</p><nav aria-label="Main">{_list(frame.navigation)}</nav></header>',
            *_crumbs(page),
            *_main(page),
            *_canonicals(page, "body"),
            f'<footer><nav aria-label="More">{_list(frame.footer)}</nav><p>{frame.name}, a business invented for testing.</p></footer>',
            *_script(page),
            "</body>",
            "</html>\n",
        ]
    )


def _head(page: Page) -> list[str]:
    return [
        '<meta charset="utf-8">',
        *_base(page),
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        *([f"<title>{escape(page.title)}</title>"] if page.title is not None else []),
        *_meta("description", page.description),
        *_meta("robots", page.robots),
        *_meta("googlebot", page.googlebot),
        *_refresh(page),
        *_canonicals(page, "head"),
        *(
            f'<link rel="alternate" hreflang="{code}" href="{escape(href)}">'
            for code, href in page.alternates
        ),
        *_open_graph(page),
        '<link rel="icon" type="image/svg+xml" href="/static/icon.svg">',
        '<link rel="stylesheet" href="/static/site.css">',
        *_data(page),
    ]


def _base(page: Page) -> list[str]:
    return [f'<base href="{escape(page.base_href)}">'] if page.base_href else []


def _meta(name: str, content: str | None) -> list[str]:
    return [] if content is None else [f'<meta name="{name}" content="{escape(content)}">']


def _refresh(page: Page) -> list[str]:
    return [f'<meta http-equiv="refresh" content="{page.refresh}">'] if page.refresh else []


def _canonicals(page: Page, place: str) -> list[str]:
    return [
        f'<link rel="canonical" href="{escape(canonical.href)}">'
        for canonical in page.canonicals
        if canonical.place == place
    ]


def _open_graph(page: Page) -> list[str]:
    if not page.title:
        return []
    return [f'<meta property="og:title" content="{escape(page.title)}">']


def _data(page: Page) -> list[str]:
    return [f'<script type="application/ld+json">{page.data}</script>'] if page.data else []


def _crumbs(page: Page) -> list[str]:
    if not page.crumbs:
        return []
    return [f'<nav class="crumbs" aria-label="Breadcrumbs">{_list(page.crumbs)}</nav>']


def _main(page: Page) -> list[str]:
    return [
        "<main>",
        *(f"<h1>{escape(heading)}</h1>" for heading in page.headings),
        *(
            line
            for number, section in enumerate(page.sections)
            for line in _section(section, number)
        ),
        "</main>",
    ]


def _section(section: Section, number: int) -> list[str]:
    links = [link for link in section.links if link.shape != "area"]
    areas = [link for link in section.links if link.shape == "area"]
    return [
        "<section>",
        *_heading(section),
        *(f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs),
        *([_list(links)] if links else []),
        *(_map(areas, f"map-{number}") if areas else []),
        "</section>",
    ]


def _heading(section: Section) -> list[str]:
    level = section.level
    return [f"<h{level}>{escape(section.heading)}</h{level}>"] if section.heading else []


def _list(links: list[Link] | tuple[Link, ...]) -> str:
    return f"<ul>{''.join(f'<li>{_anchor(link)}</li>' for link in links)}</ul>"


def _anchor(link: Link) -> str:
    picture = f'<img src="/static/icon.svg" alt="{escape(link.text)}" width="16" height="16">'
    inner = picture if link.shape == "image" else escape(link.text)
    return f'<a href="{escape(link.href)}"{_rel(link)}>{inner}</a>'


def _map(areas: list[Link], name: str) -> list[str]:
    return [
        f'<img src="/files/clinic-map.png" alt="Map of our practices" width="64" height="64" usemap="#{name}">',
        f'<map name="{name}">',
        *(
            f'<area shape="rect" coords="{at * 8},0,{at * 8 + 8},64" href="{escape(area.href)}" alt="{escape(area.text)}"{_rel(area)}>'
            for at, area in enumerate(areas)
        ),
        "</map>",
    ]


def _rel(link: Link) -> str:
    return f' rel="{link.rel}"' if link.rel else ""


def _script(page: Page) -> list[str]:
    return [f"<script>\n{page.script.source}\n</script>"] if page.script else []
