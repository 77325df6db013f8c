"""From the measurement to the outputs that the catalog promises."""

from collections.abc import Sequence
from typing import Any

from hermes_fleet.core_web_vitals import score
from hermes_fleet.core_web_vitals.measure import Measurement
from hermes_fleet.core_web_vitals.metrics import OVER_PAGES, Measured, of_site
from hermes_fleet.core_web_vitals.regressions import ARTIFACT, THRESHOLDS, artifact, regressions
from hermes_fleet.hermes_api import EarlierRun
from hermes_worker import Missing, Result, WorkerError

VITALS = ("lcp", "cls", "inp")
BESIDE = ("fcp", "ttfb", "tbt")


def result(found: Measurement, earlier: list[EarlierRun] | None, more: dict[str, Any]) -> Result:
    """The result; WorkerError when no page could be measured at all."""
    measured = [page for page in found.pages if not page.failure]
    if not measured:
        raise WorkerError("no_outputs", _nothing(found.pages))
    figures = of_site(measured)
    outputs: dict[str, Any] = {name: figures[name] for name in VITALS if name in figures}
    points = score.performance_score(figures)
    if points is not None:
        outputs["performance_score"] = points
    outputs["regressions"] = regressions(measured, earlier)
    return Result(
        outputs=outputs,
        provenance=dict.fromkeys(outputs, "measured"),
        metrics={**_metrics(found, figures), **more},
        missing=_missing(outputs, measured),
        artifacts={ARTIFACT: artifact(measured)},
    )


def _nothing(pages: Sequence[Measured]) -> str:
    if not pages:
        return "None of the pages could be read. Check Important pages in the site's settings."
    return f"No page could be measured. {pages[0].url}: {pages[0].failure}"


def _metrics(found: Measurement, figures: dict[str, float]) -> dict[str, Any]:
    return {
        **{f"{name}_ms": figures[name] for name in BESIDE if name in figures},
        "items": len(found.pages),
        "conditions": found.conditions,
        "over_pages": OVER_PAGES,
        "score": {
            "method": score.SCORE_METHOD,
            "explained": score.EXPLAINED,
            "weights": score.WEIGHTS,
            "components": score.components(figures),
        },
        "regression_thresholds": {
            name: {"share": each.share, "amount": each.amount} for name, each in THRESHOLDS.items()
        },
        "pages": [page.payload() for page in found.pages],
        "pages_left_out": found.left,
    }


def _missing(outputs: dict[str, Any], measured: Sequence[Measured]) -> dict[str, Missing]:
    """Why each promised figure is not there."""
    missing = dict[str, Missing]()
    if "inp" not in outputs:
        why = next((load.no_inp for page in measured for load in page.good if load.no_inp), "")
        missing["inp"] = Missing("outputs_missing", why)
    for name in ("cls", "performance_score"):
        if name not in outputs:
            message = f"{measured[0].url} did not report everything that {name} is made of."
            missing[name] = Missing("outputs_missing", message)
    return missing
