"""The guard: one table of addresses, one of host texts."""

import tomllib
from ipaddress import ip_address
from pathlib import Path

import pytest

from hermes_egress.addresses import is_private_literal, is_public, literal

TABLE = tomllib.loads(Path(__file__).with_name("addresses.toml").read_text("utf-8"))
PUBLIC = [each for group in TABLE["public"].values() for each in group]
CLOSED = [each for group in TABLE["closed"].values() for each in group]
NO_ADDRESSES = ("", "localhost", "example.com", "127.1", "2130706433", "1.2.3", "1.2.3.4.5", "::g")

NAMES = (
    "example.com", "127.0.0.1.example.com", "localhost", "0x7f000001.example", "0xg", "08.1.1.1",
    "4294967296", "256.1.1.1", "1.2.3.256", "1.2.3.4.5", "127.0.0.1..", "127..1", "1_27.1", "-1",
    "+127.1", "127.1 x", "127%252e1", "", ".", "9" * 6000, "0x" + "f" * 6000,
)  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_of_the_open_internet_is_public(text: str) -> None:
    assert is_public(text)
    assert not is_private_literal(text)


@pytest.mark.parametrize("text", CLOSED)
def test_an_address_that_is_or_carries_a_closed_one_is_not_public(text: str) -> None:
    assert not is_public(text)
    assert is_private_literal(text)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_what_is_no_ip_address_is_not_public(text: str) -> None:
    assert not is_public(text)


@pytest.mark.parametrize(("host", "meant"), TABLE["meant"].items())
def test_a_literal_host_means_the_address_that_the_system_and_browsers_read_in_it(
    host: str, meant: str
) -> None:
    assert literal(host) == ip_address(meant)
    assert is_private_literal(host) == (not is_public(meant))


@pytest.mark.parametrize("host", NAMES)
def test_a_name_and_a_malformed_number_mean_no_address(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost.", "a.localhost", "a.b.localhost.", "\uff4cocalhost",
     "%6cocalhost", "local\u00adhost"],
)  # fmt: skip
def test_this_machine_by_name_is_private(host: str) -> None:
    assert is_private_literal(host)


@pytest.mark.parametrize(
    "host", ["example.com", "localhost.example.com", "notlocalhost", "site.test", "", "."]
)
def test_other_names_are_not_private_literals(host: str) -> None:
    assert not is_private_literal(host)
