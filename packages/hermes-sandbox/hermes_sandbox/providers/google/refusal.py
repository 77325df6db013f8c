"""Errors in the form that Google's APIs share."""

from typing import Any

from hermes_sandbox.providers.wire import Answer

UNAUTHENTICATED = (
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
    "other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project."
)


def refusal(code: int, message: str, status: str, *details: dict[str, Any]) -> Answer:
    """The newer form: a status word, and details with machine-readable reasons."""
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = list(details)
    return Answer(code, {"error": error})


def older_refusal(code: int, message: str, reason: str, domain: str = "global") -> Answer:
    """The older form: a list of errors, each with domain and reason."""
    each = {"message": message, "domain": domain, "reason": reason}
    return Answer(code, {"error": {"code": code, "message": message, "errors": [each]}})


def info(reason: str, service: str, **metadata: str) -> dict[str, Any]:
    """A detail that names the reason for programs."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": service, **metadata},
    }


def key_refusal(service: str) -> Answer:
    """What a wrong API key is answered."""
    message = "API key not valid. Please pass a valid API key."
    return refusal(400, message, "INVALID_ARGUMENT", info("API_KEY_INVALID", service))


def switched_off(api: str, service: str) -> Answer:
    """The API was never enabled in the key's project."""
    message = (
        f"{api} has not been used in project 123456789012 before or it is disabled. Enable it by "
        f"visiting https://console.developers.google.com/apis/api/{service}/overview?project="
        "123456789012 then retry. If you enabled this API recently, wait a few minutes for the "
        "action to propagate to our systems and retry."
    )
    return refusal(403, message, "PERMISSION_DENIED", info("SERVICE_DISABLED", service))
