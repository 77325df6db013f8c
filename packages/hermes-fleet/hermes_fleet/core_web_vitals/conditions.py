"""Under which conditions pages are measured: a mid-range phone on a slow mobile network, emulated.

The figures are those of Lighthouse's mobile setting with throttling applied by the browser
(`throttlingMethod: devtools`), so that its score curves may be used.
"""

from typing import Any

from hermes_fleet.crawling.robots import USER_AGENT

METHOD = "playwright/web-vitals-6.2.3/mobile-slow-4g-cpu4/2"
"""Changes whenever figures of before and after cannot be compared."""

WIDTH, HEIGHT, PIXEL_RATIO = 412, 823, 1.75
LATENCY_MS = 562.5  # added to each request
DOWN_KBPS, UP_KBPS = 1474.56, 675.0
CPU_SLOWDOWN = 4
PHONE = "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Mobile Safari/537.36"


def device(browser_version: str) -> dict[str, Any]:
    """The phone, as a new browser context takes it; it says who is asking."""
    major = browser_version.partition(".")[0]
    return {
        "viewport": {"width": WIDTH, "height": HEIGHT},
        "device_scale_factor": PIXEL_RATIO,
        "is_mobile": True,
        "has_touch": True,
        "user_agent": f"{PHONE.format(f'{major}.0.0.0')} {USER_AGENT}",
    }


def network() -> dict[str, Any]:
    """The network, as Chromium's `Network.emulateNetworkConditions` takes it (bytes per second)."""
    return {
        "offline": False,
        "latency": LATENCY_MS,
        "downloadThroughput": DOWN_KBPS * 1000 / 8,
        "uploadThroughput": UP_KBPS * 1000 / 8,
    }


def payload(browser_version: str, guarded: bool) -> dict[str, Any]:
    """The conditions in words and numbers, to stand beside the figures."""
    return {
        "env": "lab",
        "method": METHOD,
        "browser": f"Chromium {browser_version}",
        "device": f"phone, {WIDTH} x {HEIGHT}, pixel ratio {PIXEL_RATIO:g}, touch",
        "network": f"slow 4G: {LATENCY_MS:g} ms a request, {DOWN_KBPS:g} kbit/s down, {UP_KBPS:g} up",
        "cpu_slowdown": CPU_SLOWDOWN,
        "cache": "empty before each run",
        "through_guard": guarded,
        "ttfb": "as the network stack saw it, without the emulated latency",
        "watched": "until 5.25 s without network, long tasks, layout shifts or new largest content, as Lighthouse does; at most 25 s after load",
        "cls": "from start until the page was quiet, before the first tap",
        "inp": "the slowest of taps on up to 4 controls, fields typed into, after the page has settled",
        "tbt": "long tasks from first paint until the page had settled",
    }
