"""E-mail by SMTP. A secret with `read_back` leads to a sink that shows what it took."""

import asyncio
import socket
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.utils import formatdate

import aiosmtplib
from aiosmtplib import SMTPRecipientsRefused, SMTPResponseException

from hermes_fleet.http import Exchange
from hermes_fleet.notifications.channels.address import email_address
from hermes_fleet.notifications.channels.channel import Channel, Letter, Throttle, TryLater
from hermes_fleet.notifications.channels.mail_secret import SECRET, MailServer
from hermes_fleet.notifications.channels.smtp_replies import meaning
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

SECONDS = 10.0  # for one step of the conversation
SECONDS_AGAIN = 1.0
NOBODY = "Email: no recipient is set. Enter one under Send alerts to in the site's settings."
FAILURES: tuple[tuple[tuple[type[BaseException], ...], str, str], ...] = (
    ((socket.gaierror,), "dns", "its host name does not resolve"),
    ((ssl.SSLError, ssl.CertificateError), "tls", "a trusted TLS connection could not be made"),
    ((aiosmtplib.SMTPConnectTimeoutError,), "connect_timeout", "the mail server did not respond in time; many networks block port 25, so use 587 or 465"),
    ((TimeoutError,), "read_timeout", "it did not respond in time, so it is not known whether it accepted the message"),
    ((OSError,), "connect_refused", "the connection was refused or closed"),
    ((SMTPResponseException,), "malformed_reply", "the address is not a mail server"),
    ((aiosmtplib.SMTPException, ValueError), "worker_failed", "it does not support what the message needs"),
)  # fmt: skip
"""The first line that fits an exception, or what caused it, tells its reason."""


class Mail(Channel):
    """One mail server. Its word is `measured` where what it took is read back from it."""

    name = "email"
    title = "Email"
    secret_name = SECRET
    contents = "your mail server (JSON: host, port, user, password, from, tls)"
    throttle = Throttle(0.0)
    personal = True
    place = "mail server"
    label = "accepted by the server"

    def __init__(self, secret: Credential, exchange: Exchange) -> None:
        super().__init__(secret, exchange)
        self._server = MailServer.of(secret)
        if self._server.read_back is not None:
            self.readable, self.provenance = True, "measured"
            self.place, self.label = "sink", "delivered to the mail sink"

    async def send(self, letter: Letter) -> str:
        """The server's yes to the whole message; its token is found in the Message-ID."""
        _check(letter.to)
        server = self._server.connection(SECONDS)
        try:
            async with asyncio.timeout(2 * SECONDS):
                await server.connect()
                await server.send_message(composed(letter, self._server.sender))
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise self._failure(error) from None
        finally:
            await _farewell(server)
        return letter.token

    async def seen(self, reference: str) -> bool:
        if self._server.read_back is None:
            return False
        reply = await self._exchange.ask(
            "GET", self._server.read_back.update_query(token=reference)
        )
        return reply.status == 200 and bool(reply.fields.get("messages"))

    def _failure(self, error: Exception) -> WorkerError:
        refused = error.recipients[0] if isinstance(error, SMTPRecipientsRefused) else error
        if isinstance(refused, SMTPResponseException) and refused.code > 0:
            means = meaning(refused.code, refused.message)
            message = self._exchange.sentence(
                f'{means.words} ({refused.code} "{refused.message[:100]}")'
            )
            if means.again:
                return TryLater(means.reason, message, SECONDS_AGAIN)
            return WorkerError(means.reason, message)
        causes = (error, error.__cause__)
        fits = ((c, s) for kinds, c, s in FAILURES if any(isinstance(e, kinds) for e in causes))
        return self._exchange.failure(*next(fits))


def composed(letter: Letter, sender: str) -> EmailMessage:
    """The message as it goes out; its Message-ID is the same however often it is tried."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{letter.token}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to alerts
    message.set_content(letter.text)
    return message


def _check(to: str) -> None:
    if not to.strip():
        raise WorkerError("missing_config", NOBODY)
    try:
        email_address(to)
    except ValueError as error:
        raise WorkerError("missing_config", f"Email: notify_to {error}.") from None


async def _farewell(server: aiosmtplib.SMTP) -> None:
    """What was taken stays taken, whatever the server says to a goodbye."""
    if server.is_connected:
        with suppress(aiosmtplib.SMTPException, OSError):
            await server.quit(timeout=1)
    server.close()
