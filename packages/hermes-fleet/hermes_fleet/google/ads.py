"""The Google Ads API over REST: questions in GAQL to one account, answered by searchStream.

Source: developers.google.com/google-ads/api/rest. An answer is a JSON array of pieces; an error may be its
only piece or come after rows, and then the rows before it are not the whole answer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from hermes_fleet.google.ads_refusals import ACCOUNT_CURES
from hermes_fleet.google.client import Google
from hermes_fleet.google.errors import Api, refusal_of
from hermes_fleet.google.key import Access
from hermes_fleet.http import Reply
from hermes_fleet.providers import Credential
from hermes_worker import WorkerError

NAME = "HERMES_PROVIDER_GOOGLE_ADS"
WHAT = (
    "a Google Ads developer token (developer_token) together with an OAuth client and refresh token, or a"
    " service-account key, that may read the advertising account"
)
ACCESS = Access("https://www.googleapis.com/auth/adwords", WHAT)
VERSION = "v26"
"""Google retires a version about a year after its release; `api_version` in the secret names another."""
ADS = Api(
    slug="googleads",
    name="Google Ads",
    product="Google Ads API",
    root="https://googleads.googleapis.com",
    cure="{Who} may not read the Google Ads account {place}: add it in Google Ads > Admin > Access and security.",
    wait="the daily limit of the developer token comes back within 24 hours.",
)
DIGITS = 10


class Figures(BaseModel):
    """Google sends 64-bit numbers as text, and leaves out what is zero."""

    impressions: int = 0
    clicks: int = 0
    costMicros: int = 0  # noqa: N815 - Google's names, here and below
    conversions: float = 0.0


class Customer(BaseModel):
    id: int = 0
    descriptiveName: str = ""  # noqa: N815
    currencyCode: str = ""  # noqa: N815
    timeZone: str = ""  # noqa: N815
    manager: bool = False
    testAccount: bool = False  # noqa: N815
    status: str = ""


class Campaign(BaseModel):
    id: int = 0
    name: str = ""
    status: str = ""
    primaryStatus: str = ""  # noqa: N815
    primaryStatusReasons: list[str] = []  # noqa: N815


class AdGroup(BaseModel):
    name: str = ""


class Topic(BaseModel):
    topic: str = ""
    type: str = ""


class Policy(BaseModel):
    approvalStatus: str = ""  # noqa: N815
    reviewStatus: str = ""  # noqa: N815
    policyTopicEntries: list[Topic] = []  # noqa: N815


class Ad(BaseModel):
    id: int = 0
    type: str = ""
    finalUrls: list[str] = []  # noqa: N815


class AdInGroup(BaseModel):
    ad: Ad = Ad()
    policySummary: Policy = Policy()  # noqa: N815


class Row(BaseModel):
    """One row; what was not asked for holds its defaults."""

    customer: Customer = Customer()
    campaign: Campaign = Campaign()
    adGroup: AdGroup = AdGroup()  # noqa: N815
    adGroupAd: AdInGroup = AdInGroup()  # noqa: N815
    metrics: Figures = Figures()


class Piece(BaseModel):
    """One piece of the stream."""

    results: list[Row] = []
    error: Any = None


PIECES = TypeAdapter(list[Piece])


@dataclass(frozen=True, slots=True)
class Account:
    """One advertising account as a secret opens it. `number`: its ten digits."""

    google: Google
    number: str
    version: str
    headers: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, google: Google, secret: Credential, number: str) -> "Account":
        """WorkerError `missing_config` names what the secret lacks."""
        headers = {"developer-token": secret.require("developer_token")}
        if manager := secret.text("login_customer_id"):
            headers["login-customer-id"] = customer_number(manager, f"login_customer_id in {NAME}")
        return cls(google, number, secret.text("api_version") or VERSION, headers)

    async def rows(self, question: str) -> list[Row]:
        """Every row of a question in GAQL. WorkerError when it was refused, also halfway."""
        path = f"/{self.version}/customers/{self.number}/googleAds:searchStream"
        asked = {"query": question}
        reply = await self.google.ask(ADS, path, asked, self.headers)
        pieces = _pieces(reply)
        found = next((each.error for each in pieces if each.error is not None), None)
        if (error := refusal_of(reply.status, found)) is not None:
            cure = next(
                (ACCOUNT_CURES[word] for word in error.words if word in ACCOUNT_CURES), None
            )
            if cure is not None:
                sentence = error.quoted(cure.sentence.format(place=self.number))
                raise WorkerError(cure.reason, self.google.hide(ADS.name, sentence))
            raise self.google.refusal(error, ADS, self.number)
        return [row for each in pieces for row in each.results]


def _pieces(reply: Reply) -> list[Piece]:
    """An object is a piece too: errors before the stream begins come bare."""
    try:
        found: Any = json.loads(reply.body)
    except ValueError:
        if reply.status != 200:
            return []
        page = reply.body.lstrip()[:1] == b"<"
        code, words = (
            ("html_app_shell", "an HTML page")
            if page
            else ("not_json", "something that is not JSON")
        )
        raise WorkerError(code, f"{ADS.name} returned {words}.") from None
    try:
        return PIECES.validate_python(cast("Any", found) if isinstance(found, list) else [found])
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    raise WorkerError("malformed_reply", f"{ADS.name}: {where}: {first['msg']}.")


def customer_number(given: Any, where: str) -> str:
    """The ten digits of a customer ID, however it is written; WorkerError `missing_config` otherwise."""
    text = "" if given is None or isinstance(given, bool) else str(given).strip()
    digits = text.replace("-", "").replace(" ", "")
    if not text:
        message = f"The Google Ads customer ID ({where}) is not set."
    elif digits.isascii() and digits.isdigit() and len(digits) == DIGITS:
        return digits
    else:
        message = f"The Google Ads customer ID ({where}) is {text[:40]!r}, which is not ten digits."
    fix = "Copy it from the top right of Google Ads, for example 123-456-7890."
    raise WorkerError("missing_config", f"{message} {fix}")
