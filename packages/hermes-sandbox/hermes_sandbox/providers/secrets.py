"""The stand-ins' secrets as an operator would store them in the vault."""

from typing import Any

from hermes_sandbox.providers import mail
from hermes_sandbox.providers.dataforseo.desk import LOGIN
from hermes_sandbox.providers.git_hosts.repositories import SMOKE
from hermes_sandbox.providers.google.ads import MANAGER
from hermes_sandbox.providers.google.oauth import ACCOUNT
from hermes_sandbox.providers.keys import Keys
from hermes_sandbox.providers.language_model import MODEL
from hermes_sandbox.providers.serving import MAIL, POSTS

SENDER = "hermes@demo.example"


def secrets(base: str, keys: Keys, mail_port: int) -> dict[str, dict[str, Any]]:
    """Vault name -> fields, for stand-ins served below `base` (no slash at its end)."""
    chat = f"{keys.slack_team}/{keys.slack_service}/{keys.slack_token}"
    return {
        "HERMES_PROVIDER_GOOGLE": _service_account(base, keys),
        "HERMES_PROVIDER_GOOGLE_ADS": {
            **_service_account(base, keys),
            "developer_token": keys.google_ads,
            "login_customer_id": MANAGER,
        },
        "HERMES_PROVIDER_DATAFORSEO": {
            "login": LOGIN,
            "password": keys.dataforseo,
            "base_url": f"{base}/dataforseo",
        },
        "HERMES_PROVIDER_SERPAPI": {"key": keys.serpapi, "base_url": f"{base}/serpapi"},
        "HERMES_PROVIDER_BRAVE": {"key": keys.brave, "base_url": f"{base}/brave"},
        "HERMES_PROVIDER_PSI": {"key": keys.psi, "base_url": f"{base}/psi"},
        "HERMES_PROVIDER_CRUX": {"key": keys.crux, "base_url": f"{base}/crux"},
        "HERMES_PROVIDER_LANGUAGE_MODEL": {
            "key": keys.language_model,
            "base_url": f"{base}/language_model",
            "model": MODEL,
        },
        "HERMES_PROVIDER_GITHUB": {
            "token": keys.github,
            "base_url": f"{base}/github",
            "smoke_repository": SMOKE,
        },
        "HERMES_PROVIDER_GITLAB": {
            "token": keys.gitlab,
            "base_url": f"{base}/gitlab",
            "smoke_repository": SMOKE,
        },
        "HERMES_PROVIDER_SLACK": {
            "url": f"{base}/slack/services/{chat}",
            "read_back": f"{base}{POSTS}",
        },
        "HERMES_PROVIDER_DISCORD": {
            "url": f"{base}/discord/api/webhooks/{keys.discord_id}/{keys.discord_token}"
        },
        "HERMES_PROVIDER_SMTP": _mail(base, keys, mail_port),
    }


def oauth_user(base: str, keys: Keys) -> dict[str, Any]:
    """A person's refresh token, as `gcloud` writes it."""
    return {
        "type": "authorized_user",
        "client_id": keys.google_client_id,
        "client_secret": keys.google_client_secret,
        "refresh_token": keys.google_refresh,
        **_google_addresses(base),
    }


def _service_account(base: str, keys: Keys) -> dict[str, Any]:
    """The key file of a service account whose every address is local."""
    return {
        "type": "service_account",
        "project_id": "juniper-dental-demo",
        "private_key_id": keys.google_key_id,
        "private_key": keys.google_pem(),
        "client_email": ACCOUNT,
        "client_id": keys.google_client_id,
        "universe_domain": "googleapis.com",
        **_google_addresses(base),
    }


def _google_addresses(base: str) -> dict[str, Any]:
    apis = {
        "searchconsole": f"{base}/gsc",
        "analyticsdata": f"{base}/ga4",
        "googleads": f"{base}/google_ads",
    }
    return {"token_uri": f"{base}/google_oauth/token", "base_urls": apis}


def _mail(base: str, keys: Keys, port: int) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "user": mail.USER,
        "password": keys.smtp,
        "from": SENDER,
        "tls": "none",
        "read_back": f"{base}{MAIL}",
    }
