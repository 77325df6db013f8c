"""Web addresses as people type them: made whole, or refused with what to write instead."""

from urllib.parse import SplitResult, urlsplit

from pydantic_core import PydanticCustomError

NOT_IN_ADDRESSES = frozenset('\\<>"{}|^`')
LONGEST = 500


def refused(message: str) -> PydanticCustomError:
    """A fault of what was typed; pydantic puts it beside its field, as it is."""
    return PydanticCustomError("typed", "{fault}", {"fault": message})


def base_address(text: str) -> str:
    """`shop.example/` -> `https://shop.example`: no query, no fragment, no slash at the end."""
    parts = _parts(text)
    if parts.query or parts.fragment:
        raise refused("must not contain ? or #; for example https://www.example.com")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def page_address(text: str, base_url: str) -> str:
    """`/prices` or a whole address of the site at `base_url`, made whole; without its fragment."""
    origin = urlsplit(base_url)
    if text.startswith("/") and not text.startswith("//"):
        text = f"{origin.scheme}://{origin.netloc}{text}"
    parts = _parts(text)
    if not same_site(parts.netloc, origin.netloc):
        raise refused(f"is not on {origin.netloc}; write /path or an address that begins with it")
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path or '/'}{query}"


def same_site(one: str, other: str) -> bool:
    """Whether two hosts (with port) are one site: upper case and `www.` make no difference."""
    return one.lower().removeprefix("www.") == other.lower().removeprefix("www.")


def _parts(text: str) -> SplitResult:
    text = text.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        (parts.hostname or "").encode("idna")  # empty and overlong labels
    except ValueError:
        raise _not_an_address() from None
    if not usable or any(ord(c) < 33 or c in NOT_IN_ADDRESSES for c in text):
        raise _not_an_address()
    if parts.username is not None or parts.password is not None:
        raise refused("must not contain a user name or password")
    if len(text) > LONGEST:
        raise refused(f"must have at most {LONGEST} characters")
    return parts


def _not_an_address() -> PydanticCustomError:
    return refused("must be an http:// or https:// address; for example https://www.example.com")
