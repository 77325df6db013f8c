"""Which IP addresses are public, and which address a host text means.

>>> is_public("64:ff9b::a9fe:a9fe")  # 169.254.169.254 behind NAT64
False
>>> is_private_literal("2130706433")  # 127.0.0.1 as one number
True
"""

import re
import stringprep
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from unicodedata import category, normalize
from urllib.parse import unquote

Address = IPv4Address | IPv6Address

# `ipaddress.is_global` is not asked: its answers change between patch releases of Python (3.11.7
# calls 192.0.0.8, fec0::1 and 64:ff9b:1::1 global). Sources: the IANA special-purpose registries.
CLOSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # carrier-grade NAT; 100.100.100.200 is Alibaba's metadata
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # Azure's host: a public number that leads to the machine's own host
            "169.254.0.0/16",  # link-local; 169.254.169.254 is the metadata of most clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is Oracle's metadata
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # relays of 6to4, given up by RFC 7526
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)

# IPv6 ranges that carry an IPv4 address, and how many bits stand after it. RFC 4291, 6052, 3056.
EMBEDDING = (
    (IPv6Network("::ffff:0:0/96"), 0),  # mapped
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("2002::/16"), 80),  # 6to4
)
# ISATAP (RFC 5214) stands in the lower half, below any prefix: 0000:5efe or 0200:5efe, then IPv4.
ISATAP, ISATAP_MASK = 0x0000_5EFE, 0xFDFF_FFFF

# The public IPv6 internet is in 2000::/3. Outside it, and so closed: loopback and the
# IPv4-compatible ::/96, NAT64 of one network 64:ff9b:1::/48 (where the IPv4 address stands in it is
# that network's secret), unique local fc00::/7 (with the metadata addresses fd00:ec2::254 and
# fd20:ce::254), link-local fe80::/10, site-local fec0::/10, multicast ff00::/8.
OPEN_V6 = tuple(map(IPv6Network, ("2000::/3", "::ffff:0:0/96", "64:ff9b::/96")))
CLOSED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo 2001::/32, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)

NUMBER = re.compile("0x[0-9a-f]*|0[0-7]*|[1-9][0-9]{0,9}")


def is_public(text: str) -> bool:
    """Whether an IP address, with or without brackets and zone, is on the public internet.

    An address that carries others inside is public only if all of them are. Text that is no IP
    address, a host name included, is not public.
    """
    with suppress(ValueError):
        return _is_open(_address(text))
    return False


def is_private_literal(host: str) -> bool:
    """Whether a host was typed literally as this machine or as an address that is not public.

    False for names, but for `localhost` and those below it: what a name leads to is known only
    when it is resolved.
    """
    name = _plain(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = literal(host)
    return address is not None and not _is_open(address)


def literal(host: str) -> Address | None:
    """The IP address that a host text means to getaddrinfo or to a browser; None for a name.

    Besides the usual spelling: `2130706433`, `0x7f000001`, `0177.0.0.1`, `127.1`, a trailing dot,
    digits and dots of other scripts, percent-encoding. WHATWG URL, host parsing.
    """
    for text in (host, _plain(host)):
        with suppress(ValueError):
            return _address(text)
    return _of_numbers(_plain(host).split("."))


def _address(text: str) -> Address:
    return ip_address(text.strip("[]").partition("%")[0])


def _is_open(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in each for each in CLOSED_V4)
    if not any(address in each for each in OPEN_V6) or any(address in each for each in CLOSED_V6):
        return False
    return all(_is_open(each) for each in _embedded(address))


def _embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    number = int(address)
    for network, after in EMBEDDING:
        if address in network:
            yield IPv4Address(number >> after & 0xFFFF_FFFF)
    if number >> 32 & ISATAP_MASK == ISATAP:
        yield IPv4Address(number & 0xFFFF_FFFF)


def _plain(host: str) -> str:
    """A host as IDNA and browsers see it: decoded, compatible characters made one, none invisible."""
    one = normalize("NFKC", unquote(host)).casefold()
    seen = "".join(c for c in one if category(c) != "Cf" and not stringprep.in_table_b1(c))
    return seen.replace("\u3002", ".").removesuffix(".")  # the ideographic full stop


def _of_numbers(parts: list[str]) -> IPv4Address | None:
    """inet_aton: one to four numbers, the last of which fills the bytes that are left."""
    if len(parts) > 4 or not all(map(NUMBER.fullmatch, parts)):
        return None
    *leading, last = map(_number, parts)
    if any(each > 255 for each in leading) or last >= 256 ** (4 - len(leading)):
        return None
    return IPv4Address(last + sum(each << 24 - 8 * n for n, each in enumerate(leading)))


def _number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") else 10)
