"""All stand-ins of one process, their keys, and the secrets that open them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from typing import Any

from aiohttp import web

from hermes_sandbox.providers import mail
from hermes_sandbox.providers.brave import Brave
from hermes_sandbox.providers.dataforseo import DataForSeo
from hermes_sandbox.providers.discord import Discord
from hermes_sandbox.providers.faults import Faults, faults_of
from hermes_sandbox.providers.git_hosts.github import GitHub
from hermes_sandbox.providers.git_hosts.gitlab import GitLab
from hermes_sandbox.providers.git_hosts.repositories import Repositories
from hermes_sandbox.providers.google.ads import GoogleAds
from hermes_sandbox.providers.google.analytics import Analytics
from hermes_sandbox.providers.google.crux import Crux
from hermes_sandbox.providers.google.oauth import OAuth
from hermes_sandbox.providers.google.pagespeed import PageSpeed
from hermes_sandbox.providers.google.search_console import SearchConsole
from hermes_sandbox.providers.google.tokens import Tokens
from hermes_sandbox.providers.keys import Keys
from hermes_sandbox.providers.language_model import LanguageModel
from hermes_sandbox.providers.posts import Posts
from hermes_sandbox.providers.results import Engine
from hermes_sandbox.providers.secrets import oauth_user, secrets
from hermes_sandbox.providers.serpapi import SerpApi
from hermes_sandbox.providers.serving import application
from hermes_sandbox.providers.slack import Slack
from hermes_sandbox.providers.truth import Truth
from hermes_sandbox.providers.wire import StandIn

GA4_PROPERTY = "310042142"
ANNOUNCED = (
    "HERMES_PROVIDER_GOOGLE",
    "HERMES_PROVIDER_GOOGLE_ADS",
    "HERMES_PROVIDER_GITHUB",
    "HERMES_PROVIDER_SMTP",
    "HERMES_PROVIDER_SLACK",
)
"""What the demo uses: the other workers show what they do without a key."""


class StandIns:
    """The providers' stand-ins for the demo site at `site`.

    Data is anchored at `today()` of the start and goes on with the days. `keys` are new unless
    given. `app` serves them; the mail sink listens while it runs.
    """

    def __init__(
        self,
        site: str,
        competitors: Sequence[str] = (),
        ga4_property: str = GA4_PROPERTY,
        today: Callable[[], date] = date.today,
        keys: Keys | None = None,
    ) -> None:
        self.truth, self.keys = Truth(site, today()), keys or Keys()
        self.repositories = Repositories()
        self.mail, self.posts, self._ga4_property = Posts(), Posts(), ga4_property
        providers = self._providers(site, Engine(site, competitors), today)
        known = {each.name: faults_of(each) for each in providers}
        self.faults = Faults({**known, mail.NAME: mail.faults_of_mail()})
        self.sink = mail.Sink(self.keys.smtp, self.faults, self.mail)
        self.app = application(providers, self.faults, self.mail, self.posts)
        self.app.cleanup_ctx.append(self._mail_service)
        self.app.cleanup_ctx.append(self._git_service)

    def _providers(self, site: str, engine: Engine, today: Callable[[], date]) -> Sequence[StandIn]:
        keys, truth, tokens = self.keys, self.truth, Tokens()
        return (
            OAuth(keys, tokens),
            SearchConsole(truth.demand, tokens, today),
            Analytics(self._ga4_property, truth.visits, tokens, today),
            GoogleAds(keys.google_ads, site, tokens),
            PageSpeed(keys.psi, site),
            Crux(keys.crux, site, today),
            DataForSeo(keys.dataforseo, site, engine, today),
            SerpApi(keys.serpapi, engine),
            Brave(keys.brave, engine),
            GitHub(keys.github, self.repositories),
            GitLab(keys.gitlab, self.repositories),
            LanguageModel(keys.language_model),
            Slack(keys, self.posts),
            Discord(keys, self.posts),
        )

    async def _mail_service(self, _app: web.Application) -> AsyncIterator[None]:
        await self.sink.open()
        yield
        await self.sink.close()

    async def _git_service(self, _app: web.Application) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(self.repositories.close)

    def secrets_of(self, base_url: str) -> dict[str, dict[str, Any]]:
        """Vault name -> fields that open the stand-in served below this address, once `app` runs."""
        return secrets(base_url.rstrip("/"), self.keys, self.sink.port)

    def announced(self, base_url: str) -> dict[str, dict[str, Any]]:
        """The secrets that the demo tells its workers."""
        found = self.secrets_of(base_url)
        return {name: found[name] for name in ANNOUNCED}

    def oauth_user(self, base_url: str) -> dict[str, Any]:
        """The other form of HERMES_PROVIDER_GOOGLE: a refresh token of a person."""
        return oauth_user(base_url.rstrip("/"), self.keys)
