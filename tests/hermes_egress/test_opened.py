"""Which private addresses an admin can open, and which nobody can (S4)."""

import pytest

from hermes_egress.opened import Opened

METADATA = [
    "169.254.169.254",
    "fd00:ec2::254",
    "fe80::1",
    "100.100.100.200",
    "192.0.0.192",
    "fe80::1%eth0",
]


@pytest.mark.parametrize("address", METADATA)
def test_what_hands_out_a_clouds_keys_can_be_opened_by_nobody(address: str) -> None:
    """S4: an operator read any address of the cloud's metadata service through the fleet."""
    opened = Opened("0.0.0.0/0, ::/0, metadata.google.internal, 169.254.169.254:80")
    assert not opened.admits("metadata.google.internal", 80, address)
    assert opened.refuses(address, 80)
    assert opened.refuses_url("http://169.254.169.254/latest/meta-data")


def test_what_is_public_is_admitted_whatever_is_opened() -> None:
    for opened in (Opened(), Opened("10.0.0.0/8")):
        assert opened.admits("example.com", 443, "93.184.215.14")
        assert not opened.refuses("example.com", 443)


@pytest.mark.parametrize(
    ("text", "host", "port", "address", "admitted"),
    [
        ("", "shop.test", 80, "10.1.2.3", False),
        ("10.1.0.0/16", "shop.test", 80, "10.1.2.3", True),
        ("10.1.0.0/16", "shop.test", 80, "10.2.2.3", False),
        ("10.1.2.3:8080", "10.1.2.3", 8080, "10.1.2.3", True),
        ("10.1.2.3:8080", "10.1.2.3", 22, "10.1.2.3", False),
        ("Intranet.example", "intranet.example", 80, "192.168.1.1", True),
        ("intranet.example", "evil.example", 80, "192.168.1.1", False),
        ("[::1]:8080", "::1", 8080, "::1", True),
        ("127.0.0.1:8420", "2130706433", 8420, "127.0.0.1", True),
        ("127.0.0.1:8420", "localhost", 8420, "127.0.0.1", True),
    ],
)
def test_an_entry_opens_its_address_network_or_name_at_its_port(
    text: str, host: str, port: int, address: str, admitted: bool
) -> None:
    assert Opened(text).admits(host, port, address) is admitted


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:22", "http://[::1]:5432", "http://localhost:22", "http://0.0.0.0", "http://2130706433/",
        "http://169.254.169.254/latest", "http://10.0.0.1:99999999/", "http://[broken",
    ],
)  # fmt: skip
def test_addresses_that_operators_typed_are_refused_by_their_text(url: str) -> None:
    """S4: all of these were accepted as sites."""
    assert Opened().refuses_url(url)


@pytest.mark.parametrize("text", ["http://intranet", "10.0.0.0/99", "a b", "user@host"])
def test_what_is_no_entry_is_a_fault(text: str) -> None:
    with pytest.raises(ValueError, match="is no address, network or host name"):
        Opened(text)
