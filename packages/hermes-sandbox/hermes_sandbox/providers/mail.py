"""A mail server that delivers to nobody and lets every message be read back."""

import asyncio
import logging
import warnings
from email import message_from_bytes, policy
from email.message import EmailMessage
from hmac import compare_digest
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from hermes_sandbox.providers.faults import Faults
from hermes_sandbox.providers.posts import Posts
from hermes_sandbox.providers.wire import SLOW

NAME = "smtp"
USER = "hermes"
MOST_BYTES = 1_000_000
BOUNCING = ("bounce", "nobody", "unknown")
"""Addresses that begin with one of these are refused, as a mailbox that does not exist is."""
FAULTS = {
    "unavailable_421": "421 4.3.2 Service not available, closing transmission channel",
    "mailbox_busy_450": "450 4.2.1 Mailbox temporarily unavailable",
    "local_error_451": "451 4.3.0 Local error in processing",
    "auth_535": "535 5.7.8 Authentication credentials invalid",
    "unknown_550": "550 5.1.1 No such user here",
    "too_big_552": "552 5.3.4 Message size exceeds fixed limit",
}


def faults_of_mail() -> frozenset[str]:
    """Every name the mail server can be switched to. `lost` accepts and delivers nothing."""
    return frozenset((*FAULTS, SLOW, "lost"))


class Sink:
    """One listening socket on loopback; `port` once it listens."""

    def __init__(self, password: str, faults: Faults, posts: Posts) -> None:
        self._password, self._faults, self._posts = password, faults, posts
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("The mail sink does not listen yet.")
        return self._server.sockets[0].getsockname()[1]

    async def open(self) -> None:
        """Listen on any free port of this machine."""
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # it would warn at every connection
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, "127.0.0.1", 0)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def _connection(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # keys without TLS are fine where nothing leaves the machine
            return SMTP(
                self,
                hostname="sink.demo.example",
                ident="Hermes mail sink",
                authenticator=self._authenticate,
                auth_required=True,
                auth_require_tls=False,
                data_size_limit=MOST_BYTES,
                enable_SMTPUTF8=True,
            )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        if not isinstance(given, LoginPassword) or self._faults.of(NAME) == "auth_535":
            return AuthResult(success=False, handled=False)
        pairs = ((given.login, USER), (given.password, self._password))
        right = all(compare_digest(one, other.encode()) for one, other in pairs)
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The sender is named."""
        if (refusal := await self._trouble("unavailable_421", "mailbox_busy_450")) is not None:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A recipient is named."""
        if address.lower().startswith(BOUNCING):
            return FAULTS["unknown_550"]
        if (refusal := await self._trouble("unknown_550")) is not None:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """The message is here."""
        if (refusal := await self._trouble("local_error_451", "too_big_552")) is not None:
            return refusal
        if self._faults.of(NAME) != "lost":
            self._keep(envelope)
        return "250 2.0.0 Message accepted for delivery"

    async def _trouble(self, *stages: str) -> str | None:
        fault = self._faults.of(NAME)
        if fault == SLOW:
            await asyncio.sleep(self._faults.slow_seconds)
        return FAULTS[fault] if fault in stages else None

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, EmailMessage, policy=policy.default)
        body = message.get_body(("plain", "html"))
        self._posts.keep(
            "mail",
            body.get_content() if body is not None else "",
            sender=envelope.mail_from,
            recipients=list(envelope.rcpt_tos),
            subject=str(message["Subject"] or ""),
            message_id=str(message["Message-ID"] or ""),
        )
