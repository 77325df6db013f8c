"""Everything the environment decides, read once into one frozen object; every fault at once."""

import hashlib
import os
import re
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)

from hermes_base import database_address as address
from hermes_base.problems import Problem
from hermes_egress.opened import Opened

BELOW = re.compile(r"(?:/[A-Za-z0-9_~][A-Za-z0-9._~-]*)*")
"""A path below which Hermes may stand: no dots that lead elsewhere, nothing to escape."""
Port = Annotated[int, Field(ge=0, le=65_535)]


def _as_id(text: str) -> str:
    try:
        return str(UUID(text)) if text else ""
    except ValueError:
        raise ValueError("must be a UUID, as shown in Bitwarden's address bar") from None


Id = Annotated[str, AfterValidator(_as_id)]


def _as_networks(text: str) -> str:
    for part in text.split(","):
        try:
            ip_network(part.strip(), strict=False) if part.strip() else None
        except ValueError:
            raise ValueError(
                f"{part.strip()!r} is no address or network, as 10.0.0.0/8 is"
            ) from None
    return text


Proxies = Annotated[str, AfterValidator(_as_networks)]


def _as_opened(text: str) -> str:
    Opened(text)
    return text


PrivateSites = Annotated[str, AfterValidator(_as_opened)]


class TrustedProxies:
    """Reverse proxies that say truly on whose behalf they ask."""

    def __init__(self, networks: str) -> None:
        parts = [part.strip() for part in networks.split(",") if part.strip()]
        self._networks = [ip_network(part, strict=False) for part in parts]

    def __contains__(self, address: str) -> bool:
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)

    @property
    def of_uvicorn(self) -> dict[str, Any]:
        """How uvicorn is told of them."""
        named = [str(network) for network in self._networks]
        return {"proxy_headers": bool(named), "forwarded_allow_ips": named}


def default_home() -> Path:
    """`$XDG_DATA_HOME/hermes` or `~/.local/share/hermes`; root's services keep to /var/lib/hermes."""
    if os.environ.get("XDG_DATA_HOME"):
        return Path(os.environ["XDG_DATA_HOME"]) / "hermes"
    return Path("~/.local/share/hermes").expanduser()


class Settings(BaseModel):
    """Names in the environment are these with the prefix `HERMES_`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(default_factory=default_home)
    """The folder of this installation: database, secrets, logs, evidence. By default
    `$XDG_DATA_HOME/hermes` or `~/.local/share/hermes`."""
    database_url: str = ""
    """A PostgreSQL URL, version 15 or newer; empty: the embedded PostgreSQL below `home`."""
    database_direct_url: str = ""
    """The same database past a pooler in transaction mode, for LISTEN and `hermes migrate`; empty: as above."""
    host: str = "127.0.0.1"
    """The address that the web server listens on."""
    port: Port = 8400
    """The port that the web server listens on; 0: any free port, which it writes to the file `address`
    below `home`."""
    catalog: Path | None = None
    """The path of another catalog than the one that ships with Hermes."""
    catalog_dir: Path | None = None
    """A folder with files that add services, change fields of them or switch them off, above those in `catalog.d`
    below `home`."""
    secrets_dir: Path | None = None
    """A folder with one file per secret, named as the secret."""
    bitwarden_token: SecretStr = SecretStr("")
    """Access token of a machine account of Bitwarden Secrets Manager; empty: Bitwarden is not asked."""
    bitwarden_organization: Id = ""
    """Id of the organization that the machine account belongs to."""
    bitwarden_project: Id = ""
    """Only the secrets of this project; empty: all that the machine account may read."""
    bitwarden_api_url: str = "https://api.bitwarden.com"
    """Where Bitwarden's API is; the European cloud and own servers have addresses of their own."""
    bitwarden_identity_url: str = "https://identity.bitwarden.com"
    """Where Bitwarden signs machine accounts in."""
    dev_pages: bool = False
    """Whether /dev/components shows every component of the pages, for who builds them."""
    fleet_port: Port = 0
    """The port of the bundled workers; 0: any free port."""
    sandbox_port: Port = 0
    """The port of the demo network; 0: any free port."""
    runner_capacity: Annotated[int, Field(ge=1, le=20_000)] = 4000
    """How many runs one runner has under way at the same time."""
    host_concurrency: Annotated[int, Field(ge=1, le=10_000)] = 32
    """How many requests one runner has under way to one host at the same time."""
    lease_seconds: Annotated[float, Field(ge=0.5, le=600)] = 30.0
    """Seconds after which the runs of a runner that went silent are taken over by another."""
    callback_url: str = ""
    """Where workers reach this Hermes, such as https://hermes.example; empty: no callbacks are offered."""
    public_url: str = ""
    """The address that people open, such as https://hermes.example or https://tools.example/hermes; empty:
    this machine's own."""
    allowed_hosts: str = ""
    """Further host names that Hermes answers to, separated by commas."""
    private_sites: PrivateSites = ""
    """Addresses, networks and host names that are not public and may be crawled and visited all the same, each
    with `:port` or without, separated by commas, such as intranet.example:8080, 10.1.0.0/16. Empty: none but
    the demo's."""
    trusted_proxies: Proxies = ""
    """Addresses and networks of reverse proxies whose X-Forwarded-For is believed, separated by commas, such
    as 172.16.0.0/12. Empty: none; or this machine's own, where HERMES_PUBLIC_URL says that one stands there."""
    brain_port: Port = 0
    """The port of the brain; 0: any free port, which the brain writes to a file below `home`."""
    brain_url: str = ""
    """Where the brain is; empty: as its file below `home` says."""
    brain_token: SecretStr = SecretStr("")
    """The token that relay and brain share where they do not share a home; empty: the file brain.token."""
    stripe_webhook_secret: SecretStr = SecretStr("")
    """The signing secret (whsec_...) of the Stripe webhook, or several with commas, the newest first, while
    one is rolled; empty: POST /api/webhook returns 503."""
    ping_url: SecretStr = SecretStr("")
    """The address of a watcher outside that calls somebody when it hears nothing for a while: a runner asks it
    every minute as long as alerts are looked after. Empty: nobody notices a Hermes that is dead."""
    mail_server: SecretStr = SecretStr("")
    """The mail server that customers are written to by: smtp://user:password@host:587 (STARTTLS) or
    smtps://user:password@host; empty: customers get no email. It needs `public_url` too."""
    mail_from: str = ""
    """The From of emails to customers, such as Directory service <orders@hermes.example>."""
    metrics_token: SecretStr = SecretStr("")
    """A token that opens GET /metrics and nothing else; empty: any API token that may read everything."""
    queue: Literal["postgres", "sqs"] = "postgres"
    """The queue of orders: `postgres`, or `sqs` for Amazon SQS."""
    flow: Literal["embedded", "prefect"] = "embedded"
    """What runs the flow of an order: `embedded`, or `prefect` for Prefect 3."""
    sqs_queue_name: str = "hermes-orders"
    """The name of the SQS queue; its dead-letter queue has `-dead` behind it."""
    sqs_endpoint_url: str = ""
    """The address of SQS; empty: Amazon's own."""
    sqs_region: str = ""
    """The AWS region; empty: as boto3's own configuration says."""
    prefect_api_url: str = ""
    """The address of Prefect's API; empty: as Prefect's own configuration says (PREFECT_API_URL)."""
    orders_at_once: Annotated[int, Field(ge=1, le=50)] = 2
    """How many orders one flow worker works on at the same time."""
    directories_at_once: Annotated[int, Field(ge=1, le=50)] = 4
    """How many directories one flow worker visits at the same time."""
    log_json: bool = False
    """Whether logs are JSON lines; otherwise they are lines for people."""

    @field_validator("home", "catalog", "catalog_dir", "secrets_dir")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path else path

    @field_validator("database_url", "database_direct_url")
    @classmethod
    def _postgres(cls, url: str) -> str:
        if url:
            address.read(url)
        return url

    @field_validator("callback_url", "public_url", "brain_url")
    @classmethod
    def _http(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("must be an http:// or https:// address")
        return url.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _a_place(cls, url: str) -> str:
        """A host, and the path below which Hermes stands there."""
        found = urlsplit(url)
        if found.query or found.fragment or not BELOW.fullmatch(found.path):
            raise ValueError("must be a host, or a host and a plain path, such as /hermes")
        return url

    @field_validator("mail_server")
    @classmethod
    def _smtp(cls, address: SecretStr) -> SecretStr:
        given = address.get_secret_value()
        if given and not given.startswith(("smtp://", "smtps://")):
            raise ValueError("must be an smtp:// or smtps:// address")
        return address

    @field_validator("bitwarden_api_url", "bitwarden_identity_url")
    @classmethod
    def _https(cls, url: str) -> str:
        if not url.startswith("https://"):
            raise ValueError("must be an https:// address")
        return url.rstrip("/")

    @property
    def uses_bitwarden(self) -> bool:
        """Whether anything of Bitwarden is set."""
        return bool(self.bitwarden_token.get_secret_value() or self.bitwarden_organization)

    @property
    def proxies(self) -> TrustedProxies:
        """The proxies whose word on who asks is believed."""
        own = "127.0.0.0/8,::1" if self.public_url else ""
        return TrustedProxies(self.trusted_proxies or own)

    @property
    def lock_file(self) -> Path:
        """Held by `hermes up` for as long as it lives; its text says who holds it."""
        return self.home / "lock"

    @property
    def fleet_lock_file(self) -> Path:
        """Held by whatever runs the bundled fleet of this home."""
        return self.home / "fleet.lock"

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """Every secret that Hermes makes itself; some exist only once they are needed."""
        made = (self.token_file, self.fleet_token_file, self.brain_token_file, self.fleet_key_file)
        signing = self.customer_link_file, self.browser_key_file, self.factor_key_file
        return (*made, self.stripe_file, *signing)

    @property
    def factor_key_file(self) -> Path:
        """The key that second factors are made with; without it only recovery codes let in."""
        return self.home / "second-factors.key"

    @property
    def browser_key_file(self) -> Path:
        """The key that signs the cookies of browsers in which somebody has signed in before."""
        return self.home / "browsers.key"

    @property
    def customer_link_file(self) -> Path:
        """The key that signs the links of customers to their orders."""
        return self.home / "customer-links.key"

    @property
    def bitwarden_file(self) -> Path:
        """The session of the Bitwarden SDK, sealed with the token, mode 600."""
        return self.home / "bitwarden.state"

    @property
    def embedded(self) -> bool:
        """Whether Hermes runs its own PostgreSQL."""
        return not self.database_url

    @property
    def token_file(self) -> Path:
        """The local API token, mode 600."""
        return self.home / "token"

    @property
    def fleet_token_file(self) -> Path:
        """The API token of the bundled fleet, which may only read."""
        return self.home / "fleet.token"

    @property
    def fleet_file(self) -> Path:
        """Where the bundled fleet says its address."""
        return self.home / "fleet.json"

    @property
    def fleet_key_file(self) -> Path:
        """The file with the key that the bundled workers accept."""
        return self.home / "fleet.key"

    @property
    def address_file(self) -> Path:
        """Where the running web server says its address, for the CLI."""
        return self.home / "address"

    @property
    def brain_token_file(self) -> Path:
        """What opens the brain's door, mode 600."""
        return self.home / "brain.token"

    @property
    def brain_file(self) -> Path:
        """Where the running brain says its address."""
        return self.home / "brain"

    @property
    def stripe_file(self) -> Path:
        """The file with the signing secret of the demo's Stripe webhook."""
        return self.home / "stripe.secret"

    @property
    def evidence(self) -> Path:
        """The folder of screenshots and answers of directories."""
        return self.home / "evidence"

    @property
    def sandbox_file(self) -> Path:
        """Where the sandbox says what it serves."""
        return self.home / "sandbox.json"

    @property
    def digest(self) -> str:
        """A short name for this home, for folders that cannot stand below it."""
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:12]


def load(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from the environment (`HERMES_X_FILE` reads X from a file) and arguments.

    Raises `settings_invalid`, naming every faulty variable and file at once.
    """
    source = dict(os.environ if environment is None else environment)
    from_files, faults = _from_files(source)
    try:
        found = Settings.model_validate({**_variables(source), **from_files, **given})
    except ValidationError as error:
        faults += [_fault(dict(entry)) for entry in error.errors()]
        found = None
    if found is None or faults:
        hint = "Correct the environment variables named above, then start Hermes again."
        raise Problem("settings_invalid", "; ".join(faults), hint, details=faults)
    return found


def _fault(entry: dict[str, Any]) -> str:
    return f"HERMES_{'_'.join(map(str, entry['loc'])).upper()}: {entry['msg']}"


def _variables(environment: dict[str, str]) -> dict[str, str]:
    names = {name: environment.get(f"HERMES_{name.upper()}", "") for name in Settings.model_fields}
    return {name: value for name, value in names.items() if value}


def _from_files(environment: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """`HERMES_DATABASE_URL_FILE=/run/secrets/db` -> the file's text as `database_url`; and the faults."""
    found: dict[str, str] = {}
    faults: list[str] = []
    for name in Settings.model_fields:
        variable = f"HERMES_{name.upper()}_FILE"
        if path := environment.get(variable):
            try:
                found[name] = Path(path).read_text("utf-8").strip()
                if not found[name]:
                    faults.append(f"{variable}: {path} is empty")
            except OSError as error:
                faults.append(f"{variable}: cannot read {path}: {error.strerror}")
            except UnicodeDecodeError:
                faults.append(f"{variable}: {path} is not text in UTF-8")
    return found, faults
