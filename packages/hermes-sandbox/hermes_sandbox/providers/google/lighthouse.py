"""A Lighthouse result as PageSpeed Insights passes it on."""

from datetime import UTC, datetime
from typing import Any

from hermes_sandbox.providers.google.field import Speed, lab_speed

AUDITS = {
    "first-contentful-paint": ("First Contentful Paint", "fcp", "millisecond"),
    "largest-contentful-paint": ("Largest Contentful Paint", "lcp", "millisecond"),
    "total-blocking-time": ("Total Blocking Time", "tbt", "millisecond"),
    "cumulative-layout-shift": ("Cumulative Layout Shift", "cls", "unitless"),
    "speed-index": ("Speed Index", "si", "millisecond"),
}


def lighthouse(url: str, strategy: str, fault: str) -> dict[str, Any]:
    """A Lighthouse result; with `runtime_error` one that says in a 200 that nothing was measured."""
    broken = fault == "runtime_error"
    form = "mobile" if strategy == "MOBILE" else "desktop"
    message = "The page did not paint any content. Please ensure you keep the browser window in the foreground."
    error = {"runtimeError": {"code": "NO_FCP", "message": message}} if broken else {}
    speed = lab_speed(url, strategy)
    return {
        "requestedUrl": url,
        "finalUrl": url,
        "finalDisplayedUrl": url,
        "mainDocumentUrl": url,
        "lighthouseVersion": "13.5.0",
        "userAgent": "Mozilla/5.0 (stand-in)",
        "fetchTime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
        "environment": {"networkUserAgent": "Mozilla/5.0 (stand-in)", "benchmarkIndex": 1000},
        "runWarnings": [message] if broken else [],
        "configSettings": {
            "emulatedFormFactor": form,
            "formFactor": form,
            "locale": "en-US",
            "onlyCategories": ["performance"],
            "channel": "lr",
        },
        "audits": {name: _audit(name, *rule, speed, broken) for name, rule in AUDITS.items()},
        "categories": {
            "performance": {
                "id": "performance",
                "title": "Performance",
                "score": None if broken else speed["score"],
                "auditRefs": [],
            }
        },
        "timing": {"total": 9000},
        **error,
    }


def _audit(
    name: str, title: str, short: str, unit: str, speed: Speed, broken: bool
) -> dict[str, Any]:
    if broken:
        return {
            "id": name,
            "title": title,
            "score": None,
            "scoreDisplayMode": "error",
            "errorMessage": "NO_FCP",
        }
    value = speed[short]
    shown = f"{value / 1000:.1f}\u00a0s" if unit == "millisecond" else f"{value:g}"
    return {
        "id": name,
        "title": title,
        "score": speed[f"{short}_score"],
        "scoreDisplayMode": "numeric",
        "numericValue": value,
        "numericUnit": unit,
        "displayValue": shown,
    }
