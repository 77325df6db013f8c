"""The worker's key: checked in constant time, shown only as a fingerprint."""

import hashlib
import hmac

from starlette.datastructures import Headers


def fingerprint(key: str) -> str:
    """First and last six hex digits of its SHA-256: people can compare it, nobody can use it."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{digest[:6]}…{digest[-6:]}"


def presented_keys(headers: Headers) -> list[bytes]:
    """From `Authorization: Bearer K` and `x-api-key: K`; other authorization schemes are not keys."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return [key.encode("latin-1") for key in (bearer, headers.get("x-api-key", "").strip()) if key]


def opens(presented: list[bytes], key: str) -> bool:
    return any(hmac.compare_digest(candidate, key.encode()) for candidate in presented)
