"""Addresses: one spelling for each, which belong to the site, which look alike."""

from functools import lru_cache
from urllib.parse import urlsplit

import ada_url

LONGEST = 2048  # characters; longer addresses are traps more often than pages


def normalise(address: str, base: str = "") -> str | None:
    """The one spelling of an http(s) address, joined to `base`; None when it is not one.

    It is that of the URL standard (url.spec.whatwg.org), which browsers keep to: dot segments,
    backslashes, IDNA, IPv4 hosts in any notation, percent-encoding. Four choices are our own: the
    fragment goes, which no server sees; user and password go, which are nobody's to crawl with;
    queries are encoded as UTF-8 whatever the page's encoding; more than LONGEST characters are none.
    """
    rooted = address.startswith("/") and base.startswith(("http://", "https://"))
    return _normalised(address, "/".join(base.split("/", 3)[:3]) if rooted else base)


@lru_cache(maxsize=50_000)  # the links of a site's menu are on every page
def _normalised(address: str, base: str) -> str | None:
    try:
        joined = ada_url.join_url(base, address) if base else ada_url.normalize_url(address)
    except ValueError:
        return None
    scheme, slashes, rest = joined.partition("#")[0].partition("://")
    if not slashes or scheme not in {"http", "https"}:
        return None
    authority, slash, path = rest.partition("/")
    tidy = f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"
    return tidy if len(tidy) <= LONGEST else None


@lru_cache(maxsize=50_000)  # asked of every link of every page, and most are met before
def origin(url: str) -> str:
    """`https://example.com:8443` of a normalised address: what the scope is compared by."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host(url: str) -> str:
    """The bare host name of an address, without port or brackets."""
    return urlsplit(url).hostname or ""


def same_name(one: str, other: str) -> bool:
    """Whether two addresses have the same host name but for a leading `www.`."""
    return host(one).removeprefix("www.") == host(other).removeprefix("www.")


def shape(url: str) -> str:
    """The template a page seems to come from: `/blog/a-title` -> `/blog/*`, `/` -> `/`."""
    folder, _, _last = urlsplit(url).path.rstrip("/").rpartition("/")
    return f"{folder}/*" if _last else "/"
