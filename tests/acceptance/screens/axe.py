"""axe-core in a page: what keeps people with impairments from using it."""

from functools import cache
from typing import Any

from playwright.async_api import Page

from tests import ROOT

SCRIPT = ROOT / "tests" / "support" / "axe" / "axe.min.js"
GRAVE = ("serious", "critical")


@cache
def _script() -> str:
    return SCRIPT.read_text("utf-8")


async def violations(page: Page) -> list[str]:
    """The serious and critical violations of the page as it is now, each with its first place."""
    await page.evaluate(_script())
    options = {"resultTypes": ["violations"]}
    found: dict[str, Any] = await page.evaluate("options => axe.run(document, options)", options)
    assert found["passes"], "axe looked at nothing"
    return [
        f"{each['id']} ({each['impact']}, {len(each['nodes'])} places): {each['nodes'][0]['html'][:160]}"
        for each in found["violations"]
        if each["impact"] in GRAVE
    ]
