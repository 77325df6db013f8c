"""The providers' own SDKs take the stand-ins for the providers."""

from datetime import timedelta
from typing import Any

import pytest

from hermes_sandbox.providers import GA4_PROPERTY
from tests.support.stand_ins import SITE, TODAY, Served

from .conftest import Ask

pytestmark = pytest.mark.official

END = TODAY - timedelta(3)
START = END - timedelta(6)
RANGE = {"startDate": str(START), "endDate": str(END)}
PROMPT = """Source http://127.0.0.1:8420/services/dental-implants says:
An implant takes four visits of ninety minutes at our practice. Healing takes twelve weeks or longer."""

MODEL_FAULTS = {
    "rate_limited": {"kind": "RateLimitError", "status": 429, "code": "rate_limit_exceeded"},
    "insufficient_quota": {"kind": "RateLimitError", "status": 429, "code": "insufficient_quota"},
    "overloaded": {"kind": "InternalServerError", "status": 503, "code": None},
    "length": {"kind": "LengthFinishReasonError"},
    "content_filter": {"kind": "ContentFilterFinishReasonError"},
    "ignore_schema": {"kind": "ValidationError"},
}


def told(served: Served, *situations: tuple[str, str] | None, **more: Any) -> dict[str, Any]:
    """What a program is told: `None` stands for the situation without a fault."""
    switch = f"{served.base}/__faults__"
    return {"switch": switch, "situations": situations, "site": SITE, **more}


async def test_googles_client_reads_search_console_and_analytics(served: Served, ask: Ask) -> None:
    more = {"property": GA4_PROPERTY, "range": RANGE, "gsc_site": f"{SITE}/"}
    secret = served.secrets["HERMES_PROVIDER_GOOGLE"]
    faults = [("gsc", "forbidden"), ("gsc", "quota"), ("ga4", "quota"), ("ga4", "api_disabled")]
    grant = ("google_oauth", "invalid_grant")
    asked = told(served, None, *faults, grant, secret=secret, **more)
    right, *refused, ungranted = await ask("search_and_visits", **asked)

    truth = served.stand_ins.truth
    assert right["sites"]["siteEntry"][0]["siteUrl"] == f"{SITE}/"
    assert right["totals"]["rows"][0] == pytest.approx(truth.search(START, END)._asdict())
    assert len(right["pages"]["rows"]) == 5
    assert right["index"]["inspectionResult"]["indexStatusResult"]["verdict"] == "PASS"
    values = [int(each["value"]) for each in right["visits"]["rows"][0]["metricValues"]]
    assert values == list(truth.analytics(START, END)[:2])

    assert [each["status"] for each in refused] == [403, 403, 429, 403]
    words = ("sufficient permission", "load quota", "property tokens", "has not been used")
    assert all(word in each["reason"] for word, each in zip(words, refused, strict=True))
    assert ungranted["kind"] == "RefreshError"
    assert "Invalid JWT Signature" in ungranted["said"]

    person = served.stand_ins.oauth_user(served.base)
    (by_person,) = await ask("search_and_visits", **told(served, None, secret=person, **more))
    assert by_person["totals"] == right["totals"]


async def test_googles_client_reads_speeds(served: Served, ask: Ask) -> None:
    secrets = served.secrets
    keys = {"psi": secrets["HERMES_PROVIDER_PSI"], "crux": secrets["HERMES_PROVIDER_CRUX"]}
    asked = told(served, None, ("psi", "quota"), ("crux", "not_found"), **keys)
    right, busy, unknown = await ask("speed", **asked)
    assert 0 <= right["run"]["lighthouseResult"]["categories"]["performance"]["score"] <= 1
    metrics = right["run"]["loadingExperience"]["metrics"]
    assert metrics["LARGEST_CONTENTFUL_PAINT_MS"]["percentile"] > 0
    assert right["record"]["record"]["key"] == {"origin": SITE, "formFactor": "PHONE"}
    assert len(right["history"]["record"]["collectionPeriods"]) == 25
    assert (busy["status"], unknown["status"]) == (429, 404)


async def test_dataforseos_client_knows_every_field_and_every_refusal(
    served: Served, ask: Ask
) -> None:
    """The longest of them: importing the client's 2,655 models takes seconds."""
    secret = served.secrets["HERMES_PROVIDER_DATAFORSEO"]
    more = {"secret": secret, "target": SITE.removeprefix("http://"), "keyword": "dental implants"}
    asked = told(served, None, ("dataforseo", "insufficient_funds"), **more)
    right, broke = await ask("dataforseo", **asked)
    password = right.pop("wrong password")
    assert len(right) == 12
    for name, heard in right.items():
        assert (heard["code"], heard["task"], heard["message"]) == (20000, 20000, "Ok."), name
        assert heard["unknown"] == [], name
        assert heard["result"], name
    items = right["serp"]["result"]["items"]
    assert [item["rank_absolute"] for item in items] == list(range(1, 11))
    assert right["backlinks"]["result"]["items_count"] == 5
    assert right["summary"]["result"]["backlinks"] == right["backlinks"]["result"]["total_count"]
    found = broke["serp"]
    assert (found["code"], found["task"], found["result"]) == (20000, 40210, None)
    assert password["status"] == 401
    assert '"status_code": 40100' in password["body"]


async def test_openais_client_parses_a_draft_and_calls_faults_by_their_kind(
    served: Served, ask: Ask
) -> None:
    secret = served.secrets["HERMES_PROVIDER_LANGUAGE_MODEL"]
    faults = [("language_model", fault) for fault in (*MODEL_FAULTS, "refusal")]
    asked = told(served, None, *faults, secret=secret, prompt=PROMPT)
    right, *refused, declined = await ask("writing", **asked)
    assert (right["reason"], right["refusal"]) == ("stop", None)
    assert right["draft"]["sections"][0]["source_url"] == f"{SITE}/services/dental-implants"
    assert right["models"] == [secret["model"]]
    assert right["tokens"] > 0
    assert dict(zip(MODEL_FAULTS, refused, strict=True)) == MODEL_FAULTS
    assert (declined["draft"], declined["refusal"][:9]) == (None, "I'm sorry")
