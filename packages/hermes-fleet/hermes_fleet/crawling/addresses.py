"""Addresses: one spelling for each, which belong to the site, which look alike."""

from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

DEFAULT_PORTS = {"http": 80, "https": 443}
LONGEST = 2048  # characters; longer addresses are traps more often than pages
SPACES = str.maketrans("", "", "\t\r\n")


def normalise(address: str, base: str = "") -> str | None:
    """The one spelling of an http(s) address, joined to `base`; None when it is not one.

    The fragment goes, the host is lower-cased, a default port goes, an empty path is "/",
    the rest is percent-encoded. Query, case of the path and trailing slash stay.
    """
    rooted = address.startswith("/") and base.startswith(("http://", "https://"))
    return _normalised(address, "/".join(base.split("/", 3)[:3]) if rooted else base)


@lru_cache(maxsize=50_000)  # the links of a site's menu are on every page
def _normalised(address: str, base: str) -> str | None:
    try:
        written = urlsplit(address.translate(SPACES).strip())
        if written.scheme and not written.netloc:
            return None  # such as `mailto:x` and `http://`; urljoin would mend the latter
        joined = urljoin(base, written.geturl())
        parts = urlsplit(safe_url_string(joined))
        netloc = _netloc(parts)
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    tidy = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
    return tidy if len(tidy) <= LONGEST else None


def _netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = parts.port
    return host if port in {None, DEFAULT_PORTS.get(parts.scheme)} else f"{host}:{port}"


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
