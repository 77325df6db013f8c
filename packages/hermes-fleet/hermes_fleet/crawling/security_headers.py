"""Which headers an answer lacks that protect whoever visits.

Source: OWASP Secure Headers Project; cheatsheetseries.owasp.org, HTTP Headers.
"""

from collections.abc import Mapping

ALWAYS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")
FRAMES = "X-Frame-Options"
ENCRYPTED = "Strict-Transport-Security"


def lacking(url: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the headers that are missing; frame-ancestors in a policy stands for X-Frame-Options."""
    missing = [name for name in ALWAYS if not headers.get(name, "").strip()]
    if FRAMES not in headers and "frame-ancestors" not in headers.get(ALWAYS[0], ""):
        missing.append(FRAMES)
    if url.startswith("https:") and ENCRYPTED not in headers:
        missing.append(ENCRYPTED)
    return tuple(missing)
