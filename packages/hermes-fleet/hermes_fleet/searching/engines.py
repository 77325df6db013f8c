"""Which engine is asked: the first provider that has a credential for the site."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp

from hermes_fleet.providers import Credential, credential
from hermes_fleet.searching import brave, dataforseo, serpapi
from hermes_fleet.searching.engine import Engine

PROVIDERS = {
    dataforseo.SECRET: dataforseo.DataForSeo,
    serpapi.SECRET: serpapi.SerpApi,
    brave.SECRET: brave.Brave,
}
"""The best first: secret and engine."""
STORE = (
    f'Add the DataForSEO login {{"login": "...", "password": "..."}} as the secret {dataforseo.SECRET} '
    f"(or a SerpApi key as {serpapi.SECRET}, or a Brave key as {brave.SECRET})"
)


def configured(site: str) -> Credential | None:
    """The credential of the provider that would be asked for a site, or None."""
    found = (credential(name, site) for name in PROVIDERS)
    return next((each for each in found if each), None)


@asynccontextmanager
async def provider(site: str) -> AsyncGenerator[Engine | None]:
    """The provider to ask for a site; None when nobody stored a credential. WorkerError `missing_config`."""
    opened = configured(site)
    if opened is None:
        yield None
        return
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield PROVIDERS[opened.name](session, opened)
