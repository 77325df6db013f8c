"""The site that every crawler crawls: a process of its own, its pages made before it listens.

Prints its port. Ends when its standard input does.
"""

import argparse
import asyncio
import random
import sys

from aiohttp import web

VOCABULARY = (
    "appointment bridge calm careful check clean crown dentist early enamel evening family filling"
    " fresh gentle gum healthy hygiene implant kind local modern morning nerve patient plan practice"
    " price quiet root simple smile soft surgery team tooth treatment visit white whole wisdom"
)
WORDS = VOCABULARY.split()
ROBOTS = """User-agent: *
Disallow: /private/
Disallow: /*?sort=
Allow: /private/open
"""


def page(number: int, pages: int, links: int, size: int) -> bytes:
    """HTML of about `size` bytes with `links` links: to the next page, to random others, some to
    what robots.txt forbids, some to what is not there."""
    dice = random.Random(number)
    targets = [(number + 1) % pages, *dice.choices(range(pages), k=links - 4)]
    hrefs = [f"/p/{target}#top" if target % 7 == 0 else f"/p/{target}" for target in targets]
    hrefs += [f"/private/{number}", f"/p/{number}?sort=price", f"/gone/{number % 5}"]
    anchors = "".join(f'<li><a href="{h}">{dice.choice(WORDS)}</a></li>\n' for h in hrefs)
    head = (
        f"<title>Page {number} about {dice.choice(WORDS)}</title>"
        f'<meta name="description" content="What to know about page {number}">'
        f'<link rel="canonical" href="/p/{number}">'
    )
    text = f"<!doctype html><html><head>{head}</head><body><h1>Page {number}</h1><ul>{anchors}</ul>"
    paragraphs = list[str]()
    while sum(map(len, paragraphs)) + len(text) < size:
        paragraphs.append(f"<p>{' '.join(dice.choices(WORDS, k=60))}.</p>\n")
    return f"{text}<main>{''.join(paragraphs)}</main></body></html>".encode()


def application(pages: int, links: int, size: int) -> web.Application:
    made = [page(number, pages, links, size) for number in range(pages)]

    async def home(_: web.Request) -> web.Response:
        return web.Response(body=made[0], content_type="text/html", charset="utf-8")

    async def one(request: web.Request) -> web.Response:
        body = made[int(request.match_info["number"])]
        return web.Response(body=body, content_type="text/html", charset="utf-8")

    async def robots(_: web.Request) -> web.Response:
        return web.Response(text=ROBOTS)

    app = web.Application()
    app.router.add_get("/", home)
    app.router.add_get(r"/p/{number:\d+}", one)
    app.router.add_get("/robots.txt", robots)
    return app


async def serve(asked: argparse.Namespace) -> None:
    runner = web.AppRunner(application(asked.pages, asked.links, asked.size), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=900)
    parser.add_argument("--links", type=int, default=40)
    parser.add_argument("--size", type=int, default=21_000)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
