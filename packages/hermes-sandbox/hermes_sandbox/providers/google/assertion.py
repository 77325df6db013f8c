"""Reading a JWT that a service account signed (RFC 7519, RS256)."""

import json
from base64 import urlsafe_b64decode
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256


class BadAssertion(ValueError):
    """Google's own words for what is wrong with it."""


def read_assertion(assertion: str, key: RSAPublicKey) -> dict[str, Any]:
    """The claims of an assertion with a right signature; BadAssertion for any other."""
    try:
        head, claims, signature = assertion.split(".")
        header, claims_set = json.loads(_decode(head)), json.loads(_decode(claims))
        signed = _decode(signature)
    except ValueError as error:
        raise BadAssertion("Bad Request") from error
    fields = cast("dict[str, Any]", header) if isinstance(header, dict) else {}
    if fields.get("alg") != "RS256" or not isinstance(claims_set, dict):
        raise BadAssertion("Invalid JWT: unsupported algorithm.")
    try:
        key.verify(signed, f"{head}.{claims}".encode(), PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise BadAssertion("Invalid JWT Signature.") from error
    return cast("dict[str, Any]", claims_set)


def _decode(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))
