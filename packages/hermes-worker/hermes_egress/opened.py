"""Which addresses that are not public an admin has opened to what is fetched on behalf of others.

>>> Opened("10.1.0.0/16, intranet.example:8080").admits("10.1.2.3", 80, "10.1.2.3")
True
>>> Opened("0.0.0.0/0").admits("metadata.google.internal", 80, "169.254.169.254")
False
"""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from hermes_egress.addresses import is_private_literal, is_public, literal

Network = IPv4Network | IPv6Network

NEVER = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16",  # link-local, with the metadata of most clouds
            "100.100.100.200/32",  # Alibaba's metadata
            "168.63.129.16/32",  # Azure's host
            "192.0.0.192/32",  # Oracle's metadata
            "fe80::/10",  # link-local
            "fd00:ec2::254/128",  # Amazon's metadata
            "fd20:ce::254/128",  # Google's metadata
        ),
    )
)
"""Whatever is opened: behind these a cloud hands out the keys of the machine."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the list: a network or a name, and its port; None: every port."""

    network: Network | None
    name: str
    port: int | None

    def fits(self, host: str, port: int, address: str) -> bool:
        if self.port not in (None, port):
            return False
        if self.network is None:
            return host.lower().rstrip(".") == self.name
        return ip_address(address.partition("%")[0]) in self.network


class Opened:
    """The entries of a text: addresses, networks and host names, each with `:port` or without, separated
    by commas. Raises ValueError for what is none of them."""

    def __init__(self, text: str = "") -> None:
        self._entries = tuple(_entry(part.strip()) for part in text.split(",") if part.strip())

    def admits(self, host: str, port: int, address: str) -> bool:
        """Whether a host, of which `address` is an IP address, may be called at a port."""
        if is_public(address):
            return True
        plain = literal(address)
        if plain is None or any(plain in network for network in NEVER):
            return False
        return any(entry.fits(host, port, str(plain)) for entry in self._entries)

    def refuses(self, host: str, port: int) -> bool:
        """Whether a host stands for a private address by its text alone; names are judged when resolved."""
        if not is_private_literal(host):
            return False
        address = literal(host)
        return not self.admits(host, port, "127.0.0.1" if address is None else str(address))

    def refuses_url(self, url: str) -> bool:
        """The same of a whole address; True of one that cannot be read."""
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return True
        return self.refuses(parts.hostname or "", port)


def _entry(text: str) -> _Entry:
    try:
        return _Entry(ip_network(text, strict=False), "", None)
    except ValueError:
        pass
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        host, port = text, ""
    if not host or any(c in "/@ \\" for c in host.partition("/")[0]):
        raise ValueError(f"{text!r} is no address, network or host name")
    number = int(port) if port else None
    try:
        return _Entry(ip_network(host.strip("[]"), strict=False), "", number)
    except ValueError:
        if "/" in host or ":" in host:
            raise ValueError(f"{text!r} is no address, network or host name") from None
        return _Entry(None, host.lower(), number)
