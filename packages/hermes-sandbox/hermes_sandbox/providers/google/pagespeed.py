"""PageSpeed Insights v5: one Lighthouse run, and field data where there is some."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from hermes_sandbox.providers.google.field import LIMITS, Speed, field_speed, rated
from hermes_sandbox.providers.google.lighthouse import lighthouse
from hermes_sandbox.providers.google.refusal import key_refusal, older_refusal, refusal
from hermes_sandbox.providers.wire import Answer, Asked, Route

SERVICE = "pagespeedonline.googleapis.com"
EVERYONE = refusal(
    429,
    "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service "
    f"'{SERVICE}' for consumer 'project_number:583797351490'.",
    "RESOURCE_EXHAUSTED",
)
FIELD = {
    "LARGEST_CONTENTFUL_PAINT_MS": ("lcp", 1),
    "INTERACTION_TO_NEXT_PAINT": ("inp", 1),
    "CUMULATIVE_LAYOUT_SHIFT_SCORE": ("cls", 100),
    "FIRST_CONTENTFUL_PAINT_MS": ("fcp", 1),
    "EXPERIMENTAL_TIME_TO_FIRST_BYTE": ("ttfb", 1),
}


ERRORS = {
    "quota": EVERYONE,
    "unreachable": older_refusal(
        400,
        "Lighthouse returned error: FAILED_DOCUMENT_REQUEST. Lighthouse was unable to reliably load "
        "the page you requested. Make sure you are testing the correct URL and that the server is "
        "properly responding to all requests. (Details: net::ERR_TIMED_OUT)",
        "lighthouseUserError",
        "lighthouse",
    ),
    "server_error": older_refusal(
        500, "Unable to process request. Please wait a while and try again.", "backendError"
    ),
}


class PageSpeed:
    """Made-up speeds that follow from the address asked for."""

    name = "psi"
    errors = ERRORS
    modes = frozenset({"runtime_error", "no_field"})

    def __init__(self, key: str, site: str) -> None:
        self._key, self._site = key, site.rstrip("/")

    def routes(self) -> list[Route]:
        return [("GET", "/pagespeedonline/v5/runPagespeed", self._run)]

    def refuses(self, asked: Asked) -> Answer | None:
        given = asked.query.get("key", asked.headers.get("X-Goog-Api-Key", ""))
        if not given:
            return EVERYONE  # without a key the one project of all keyless callers is asked, and is out
        return None if given == self._key else key_refusal(SERVICE)

    def _run(self, asked: Asked) -> Answer:
        url, strategy = asked.query.get("url", ""), asked.query.get("strategy", "DESKTOP").upper()
        if urlsplit(url).scheme not in ("http", "https"):
            return older_refusal(
                400, f"Invalid value '{url}'. Values must match the URL pattern.", "invalid"
            )
        body = {
            "captchaResult": "CAPTCHA_NOT_NEEDED",
            "kind": "pagespeedonline#result",
            "id": url,
            "lighthouseResult": lighthouse(url, strategy, asked.fault),
            "analysisUTCTimestamp": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        }
        known = url.startswith(f"{self._site}/") and asked.fault != "no_field"
        return Answer(200, {**body, **_experience(url, strategy, known)})


def _experience(url: str, strategy: str, known: bool) -> dict[str, Any]:
    """Without enough visitors there is an entry that has only its address."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    if not known:
        return {"loadingExperience": {"initial_url": url}}
    return {
        "loadingExperience": _visitors(url, strategy) | {"initial_url": url},
        "originLoadingExperience": _visitors(origin, strategy) | {"initial_url": url},
    }


def _visitors(place: str, strategy: str) -> dict[str, Any]:
    speed = field_speed(place, strategy)
    metrics = {name: _field(speed, *rule) for name, rule in FIELD.items()}
    slowest = sorted(
        (each["category"] for each in metrics.values()), key=["FAST", "AVERAGE", "SLOW"].index
    )
    return {"id": place, "metrics": metrics, "overall_category": slowest[-1]}


def _field(speed: Speed, name: str, factor: int) -> dict[str, Any]:
    good, poor = (int(limit * factor) for limit in LIMITS[name])
    value = speed[name]
    fast, middling, slow = rated(name, value)
    return {
        "percentile": round(value * factor),
        "distributions": [
            {"min": 0, "max": good, "proportion": fast},
            {"min": good, "max": poor, "proportion": middling},
            {"min": poor, "proportion": slow},
        ],
        "category": "FAST"
        if value <= LIMITS[name][0]
        else "AVERAGE"
        if value <= LIMITS[name][1]
        else "SLOW",
    }
