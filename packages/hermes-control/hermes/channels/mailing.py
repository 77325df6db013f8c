"""Letters as e-mail by SMTP, with the fields that the secret HERMES_PROVIDER_SMTP has too."""

import asyncio
import smtplib
import socket
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate

from hermes.core.alerting.life import Letter
from hermes.core.alerting.wire import ChannelFault
from hermes_base.http.judged_names import judged
from hermes_egress.opened import Opened

SECONDS = 10.0
USUAL_PORT, TLS_PORT = 587, 465


async def mail(letter: Letter, secret: Mapping[str, str], target: str, opened: Opened) -> None:
    """Send it to the addresses in `target`, separated by commas. Raises ChannelFault."""
    to = [each.strip() for each in target.split(",") if each.strip()]
    if not to:
        raise ChannelFault("The channel has no address. Enter one as the target.")
    host, sender = secret.get("host", ""), secret.get("from") or secret.get("user", "")
    if not host or "@" not in sender:
        raise ChannelFault("Its secret needs the fields host and from (JSON).")
    port = _port(secret)
    try:
        address = await judged(opened, host, port)
        await asyncio.to_thread(_send, letter, secret, to, sender, address, port)
    except smtplib.SMTPRecipientsRefused as error:
        codes = ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
        raise ChannelFault(f"{host} refused every address ({codes}).") from None
    except smtplib.SMTPResponseException as error:
        raise ChannelFault(f"{host} answered {error.smtp_code}.") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise ChannelFault(f"{host} could not be used ({type(error).__name__}).") from None


def composed(letter: Letter, to: list[str], sender: str) -> EmailMessage:
    """The message as it goes out; its Message-ID is the same however often it is tried."""
    message = EmailMessage()
    domain = sender.rpartition("@")[2].strip("> ")
    message["From"], message["To"], message["Subject"] = sender, ", ".join(to), letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    if letter.what != "opened":
        message["In-Reply-To"] = message["References"] = f"<{letter.alert}-opened@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to alerts
    message.set_content(letter.text)
    return message


def _port(secret: Mapping[str, str]) -> int:
    text = secret.get("port") or str(USUAL_PORT)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise ChannelFault("The field port of its secret is not a port.")
    return int(text)


def _send(
    letter: Letter, secret: Mapping[str, str], to: list[str], sender: str, address: str, port: int
) -> None:
    tls = secret.get("tls") or ("tls" if port == TLS_PORT else "starttls")
    trusted = ssl.create_default_context()
    with _connected(secret["host"], address, port, trusted if tls == "tls" else None) as server:
        if tls == "starttls":
            server.starttls(context=trusted)
        if secret.get("user"):
            if tls == "none" and not address.startswith("127."):
                raise ValueError("the password would be readable on its way")
            server.login(secret["user"], secret.get("password", ""))
        # Where only some addresses are refused, trying again would tell the others every time.
        server.send_message(composed(letter, to, sender))


class _JudgedServer(smtplib.SMTP):
    """A connection to the address that was judged, under the name that its certificate must bear."""

    judged_address = ""
    context: ssl.SSLContext | None = None
    _host: str

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((self.judged_address, port), timeout)
        return self.context.wrap_socket(plain, server_hostname=host) if self.context else plain


def _connected(host: str, address: str, port: int, context: ssl.SSLContext | None) -> _JudgedServer:
    server = _JudgedServer(timeout=SECONDS)
    server.judged_address, server.context = address, context
    server._host = host  # noqa: SLF001 - what starttls() compares the certificate with
    server.connect(host, port)
    return server
