"""The postman: hands letters to customers to the mail server of the business."""

import asyncio
import smtplib
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog

from directory_bolt.core.orders.letters import Letter, letter
from directory_bolt.storage import alerts, letters
from hermes_base.background.loops import until_stopped
from hermes_base.postgres.database import Connection, Pool

log = structlog.get_logger()
EVERY = 5.0
SECONDS = 20.0
ALERT = "mail:customers"
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over: `smtp://user:password@host:587` (STARTTLS, but on this machine),
    `smtps://...` (TLS from the start). `sender` is the From of all letters."""

    address: str
    sender: str

    def send(self, one: Letter) -> None:
        """Hand over one letter; it blocks. Raises smtplib.SMTPException, OSError."""
        parts = urlsplit(self.address)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        trusted = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=trusted)
            if parts.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=SECONDS)
        )
        with server:
            if parts.scheme == "smtp" and host not in ("127.0.0.1", "::1", "localhost"):
                server.starttls(context=trusted)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(self._message(one))

    def _message(self, one: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, one.to, one.subject
        message["Date"] = formatdate()
        domain = self.sender.rpartition("@")[2].strip("> ")
        message["Message-ID"] = f"<{one.name}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        message.set_content(one.text)
        return message


class Postman:
    """`link` makes the address at which a customer follows an order."""

    def __init__(
        self, pool: Pool, server: MailServer, link: Callable[[UUID], Awaitable[str]]
    ) -> None:
        self._pool = pool
        self._server = server
        self._link = link

    async def run(self, stop: asyncio.Event) -> None:
        """Send what is due, again and again, until `stop` is set."""
        await until_stopped(stop, self.deliver, EVERY)

    async def deliver(self) -> int:
        """Send every letter that is due; how many were taken by the server."""
        taken = 0
        while (was_taken := await self._next()) is not None:
            taken += was_taken
        return taken

    async def _next(self) -> bool | None:
        """Whether the server took the next letter; None when none is due.

        A crash between the server's word and ours sends it again, under the same Message-ID.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            due = await letters.next_due(connection)
            if due is None:
                return None
            link = await self._link(due.job_id)
            one = letter(f"hermes-{due.id}", due.kind, due.email, due.business_name, link)
            try:
                await asyncio.to_thread(self._server.send, one)
            except (smtplib.SMTPException, OSError, ValueError) as error:
                await self._failed(connection, due.id, due.job_id, error)
                return False
            await letters.sent(connection, due.id)
            await alerts.close_alert(connection, ALERT, ())
            return True

    async def _failed(
        self, connection: Connection, number: int, job_id: UUID, error: Exception
    ) -> None:
        code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else ""
        why = f"{type(error).__name__} {code}".strip()
        await letters.postpone(connection, number, why)
        text = f"An email to a customer could not be sent ({why}). Hermes tries again."
        await alerts.raise_alert(connection, ALERT, "mail", text, job_id)
        log.warning("a letter could not be sent", jobId=str(job_id), error=why)
