"""The secret HERMES_PROVIDER_SMTP, read and checked."""

from dataclasses import dataclass, field
from typing import Literal, Self, cast, get_args

import aiosmtplib
from yarl import URL

from hermes_egress.addresses import is_private_literal
from hermes_fleet.notifications.channels.address import address_in, email_address
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SECRET = "HERMES_PROVIDER_SMTP"  # noqa: S105 - the name of a secret
Tls = Literal["starttls", "tls", "none"]
IMPLICIT_TLS_PORT = 465
USUAL_PORT = 587


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, as whom, and how it is protected. `read_back`: where a sink shows its mail."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    tls: Tls
    read_back: URL | None

    @classmethod
    def of(cls, secret: Credential) -> Self:
        """WorkerError `missing_config` names the field at fault and what to enter."""
        port = _port(secret)
        read_back = secret.text("read_back")
        found = cls(
            host=secret.require("host"),
            port=port,
            user=secret.text("user", "username"),
            password=secret.text("password"),
            sender=_sender(secret),
            tls=_tls(secret, port),
            read_back=address_in(secret.name, read_back, "read_back") if read_back else None,
        )
        if found.user and found.tls == "none" and not is_private_literal(found.host):
            raise _fault(
                secret, "tls", "is none, which would expose the password. Enter starttls or tls"
            )
        return found

    def connection(self, seconds: float) -> aiosmtplib.SMTP:
        """A connection that is not made yet; `seconds` for each step of it."""
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user or None,
            password=self.password or None,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            timeout=seconds,
        )


def _port(secret: Credential) -> int:
    given = secret.fields.get("port") or USUAL_PORT
    text = str(given)
    if isinstance(given, bool) or not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise _fault(
            secret, "port", "is not a port. Enter 587, 465 or the port your provider gives"
        )
    return int(text)


def _sender(secret: Credential) -> str:
    try:
        return email_address(secret.text("from", "sender") or secret.text("user", "username"))
    except ValueError as error:
        raise _fault(secret, "from", str(error)) from None


def _tls(secret: Credential, port: int) -> Tls:
    word = str(secret.fields.get("tls") or "").strip().lower()
    if not word:
        return "tls" if port == IMPLICIT_TLS_PORT else "starttls"
    if word not in get_args(Tls):
        raise _fault(secret, "tls", "is unknown: enter starttls, tls or none")
    return cast("Tls", word)


def _fault(secret: Credential, name: str, message: str) -> WorkerError:
    return WorkerError("missing_config", f"The field {name} of {secret.name} {message}.")
