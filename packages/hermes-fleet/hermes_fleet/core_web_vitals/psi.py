"""PageSpeed Insights v5: Google's own Lighthouse run of the home page, and the field data it knows.

https://developers.google.com/speed/docs/insights/v5/reference/pagespeedapi/runpagespeed
"""

from typing import Any, cast

from hermes_fleet.core_web_vitals.google import request
from hermes_worker import WorkerError

SECRET = "HERMES_PROVIDER_PSI"  # noqa: S105 - the name of a secret
WHAT = "a Google API key with the PageSpeed Insights API enabled (console.cloud.google.com)"
ADDRESS = "https://www.googleapis.com"
SECONDS = 60.0  # it loads the page while we wait
LAB = {
    "lcp": "largest-contentful-paint",
    "cls": "cumulative-layout-shift",
    "fcp": "first-contentful-paint",
    "tbt": "total-blocking-time",
    "speed_index": "speed-index",
}
FIELD = {
    "lcp": "LARGEST_CONTENTFUL_PAINT_MS",
    "inp": "INTERACTION_TO_NEXT_PAINT",
    "cls": "CUMULATIVE_LAYOUT_SHIFT_SCORE",
    "fcp": "FIRST_CONTENTFUL_PAINT_MS",
    "ttfb": "EXPERIMENTAL_TIME_TO_FIRST_BYTE",
}
CLS_SCALE = 100  # its field cls is an integer, a hundred times the score


async def page_speed(base_url: str, key: str, url: str) -> dict[str, Any]:
    """Google's lab figures and score of a page. WorkerError says why there are none."""
    document = await request(
        "PageSpeed Insights",
        "GET",
        f"{base_url or ADDRESS}/pagespeedonline/v5/runPagespeed",
        key,
        query=[("url", url), ("strategy", "MOBILE"), ("category", "PERFORMANCE")],
        seconds=SECONDS,
    )
    if document is None:
        raise WorkerError(
            "wrong_endpoint_404", "PageSpeed Insights returned 404; check its base_url."
        )
    return read(document)


def read(document: dict[str, Any]) -> dict[str, Any]:
    """The figures of a 200, which may still say that Lighthouse failed."""
    try:
        result = document["lighthouseResult"]
        if error := result.get("runtimeError"):
            message = f"Google's Lighthouse failed: {error.get('code')}: {error.get('message', '')}"
            raise WorkerError("worker_failed", message[:300])
        return {"lab": _lab(result), "field": _field(document.get("loadingExperience") or {})}
    except (TypeError, LookupError, ValueError, AttributeError) as error:
        raise WorkerError(
            "malformed_reply", "PageSpeed Insights returned a response in an unknown format."
        ) from error


def _lab(result: dict[str, Any]) -> dict[str, Any]:
    audits = result["audits"]
    values = {
        name: cast("float", value)
        for name, audit in LAB.items()
        if (value := audits.get(audit, {}).get("numericValue")) is not None
    }
    return {
        "env": "lab",
        "score": round(float(result["categories"]["performance"]["score"]) * 100),
        "figures": values,
        "method": f"lighthouse {result['lighthouseVersion']}, mobile, run by Google",
        "at": result.get("fetchTime"),
    }


def _field(experience: dict[str, Any]) -> dict[str, Any] | None:
    """p75 of real visitors; None when Google has none for this page."""
    metrics: dict[str, Any] = experience.get("metrics") or {}
    p75 = {
        name: float(metrics[wire]["percentile"]) / (CLS_SCALE if name == "cls" else 1)
        for name, wire in FIELD.items()
        if wire in metrics
    }
    whole = bool(experience.get("origin_fallback"))
    return {"env": "field", "p75": p75, "of": "origin" if whole else "page"} if p75 else None
