"""The Google Ads API: searchStream over one advertising account below one manager account."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias, cast

from hermes_sandbox.providers.google import campaigns
from hermes_sandbox.providers.google.gaql import BadQuestion, Question, read_question
from hermes_sandbox.providers.google.refusal import refusal, switched_off
from hermes_sandbox.providers.google.tokens import Tokens
from hermes_sandbox.providers.wire import Answer, Asked, Route

Fields: TypeAlias = dict[str, Any]
SERVICE = "googleads.googleapis.com"
SCOPES = ("adwords",)
VERSIONS = ("v23", "v24", "v25", "v26")
CUSTOMER, MANAGER = "4210077315", "9005551234"
ZONE, CURRENCY = "America/Los_Angeles", "USD"
SEVERAL = 2
"""Rows a piece of the stream."""


def failure(code: int, status: str, kind: str, word: str, message: str, **more: Any) -> Answer:
    """A GoogleAdsFailure in a stream: an array with the error as its only piece."""
    generic = {
        401: "Request is missing required authentication credential.",
        403: "The caller does not have permission",
        429: "Resource has been exhausted (e.g. check quota).",
    }.get(code, "Request contains an invalid argument.")
    detail: Fields = {
        "@type": "type.googleapis.com/google.ads.googleads.v26.errors.GoogleAdsFailure",
        "errors": [{"errorCode": {kind: word}, "message": message, **more}],
        "requestId": "b3JkZXIgb2YgdGhlIGRl",
    }
    return _streamed(cast("Fields", refusal(code, generic, status, detail).body), code)


def _streamed(body: Fields, code: int) -> Answer:
    return Answer(code, [body])


def _permission(word: str, message: str) -> Answer:
    return failure(403, "PERMISSION_DENIED", "authorizationError", word, message)


def _exhausted(word: str, message: str, seconds: int) -> Answer:
    details = {"quotaErrorDetails": {"rateScope": "DEVELOPER", "retryDelay": f"{seconds}s"}}
    return failure(429, "RESOURCE_EXHAUSTED", "quotaError", word, message, details=details)


NOT_PERMITTED = _permission(
    "USER_PERMISSION_DENIED",
    "User doesn't have permission to access customer. Note: If you're accessing a client customer, the "
    "manager's customer id must be set in the 'login-customer-id' header. See "
    "https://developers.google.com/google-ads/api/docs/concepts/call-structure#cid",
)
TOKEN_INVALID = failure(
    401, "UNAUTHENTICATED", "authenticationError", "DEVELOPER_TOKEN_INVALID",
    "The developer token is not valid.",
)  # fmt: skip
ERRORS = {
    "token_not_approved": _permission(
        "DEVELOPER_TOKEN_NOT_APPROVED",
        "The developer token is only approved for use with test accounts. To access non-test accounts, "
        "apply for Basic or Standard access.",
    ),
    "not_enabled": _permission(
        "CUSTOMER_NOT_ENABLED",
        "The customer account can't be accessed because it is not yet enabled or has been deactivated.",
    ),
    "forbidden": NOT_PERMITTED,
    "quota": _exhausted("RESOURCE_EXHAUSTED", "Too many requests. Retry in 86400 seconds.", 86400),
    "rate_limited": _exhausted(
        "RESOURCE_TEMPORARILY_EXHAUSTED", "Too many requests. Retry in 30 seconds.", 30
    ),
    "retired": failure(
        400, "INVALID_ARGUMENT", "requestError", "UNSUPPORTED_VERSION",
        "Version v26 is deprecated. Requests to this version will be blocked.",
    ),
    "api_disabled": _streamed(
        cast("Fields", switched_off("Google Ads API", SERVICE).body), 403
    ),
    "server_error": failure(
        500, "INTERNAL", "internalError", "INTERNAL_ERROR", "An internal error has occurred."
    ),
    "unavailable": refusal(503, "The service is currently unavailable.", "UNAVAILABLE"),
}  # fmt: skip


class GoogleAds:
    """One advertising account; only its developer token, and its own or its manager's sign-in, opens it."""

    name = "google_ads"
    errors = ERRORS
    modes = frozenset({"partial", "empty", "manager", "paused"})

    def __init__(self, developer_token: str, site: str, tokens: Tokens) -> None:
        self._developer_token, self._site, self._tokens = developer_token, site.rstrip("/"), tokens

    def routes(self) -> list[Route]:
        return [("POST", "/{version}/customers/{customer}/googleAds:searchStream", self._stream)]

    def refuses(self, asked: Asked) -> Answer | None:
        if (refused := self._tokens.refusal(asked, SERVICE, *SCOPES)) is not None:
            return _streamed(cast("Fields", refused.body), refused.status)
        if asked.headers.get("developer-token") != self._developer_token:
            return TOKEN_INVALID
        if asked.place["version"] not in VERSIONS:
            return ERRORS["retired"]
        if asked.headers.get("login-customer-id", CUSTOMER) not in (CUSTOMER, MANAGER):
            return NOT_PERMITTED
        return None if asked.place["customer"] == CUSTOMER else NOT_PERMITTED

    def _stream(self, asked: Asked) -> Answer:
        try:
            question = read_question(str(asked.fields().get("query")))
            rows = self._rows(question, asked.fault)
        except BadQuestion as bad:
            return failure(400, "INVALID_ARGUMENT", "queryError", bad.word, str(bad))
        return Answer(200, _pieces(question, rows, broken=asked.fault == "partial"))

    def _rows(self, question: Question, fault: str) -> list[Fields]:
        known: dict[str, Callable[[Question, str], list[Fields]]] = {
            "customer": self._customer, "campaign": _campaigns, "ad_group_ad": self._ads,
        }  # fmt: skip
        if question.resource not in known:
            raise BadQuestion(
                "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", f"{question.resource} is unknown."
            )
        rows = [row for row in known[question.resource](question, fault) if _kept(row, question)]
        if question.order:
            rows.sort(key=lambda row: _at(row, question.order), reverse=question.falling)
        return [_shown(row, question) for row in rows[: question.limit]]

    def _customer(self, question: Question, fault: str) -> list[Fields]:
        """One row; none where figures are asked for and there are none."""
        figures: Fields = {}
        if any(name.startswith("metrics.") for name in question.fields):
            if fault == "manager":
                sentence = "Metrics cannot be requested for a manager account."
                raise BadQuestion("REQUESTED_METRICS_FOR_MANAGER", sentence)
            if fault in ("empty", "paused"):
                return []
            span = question.condition("segments.date")
            if span is None or not span.between:
                raise BadQuestion("INVALID_DATE_RANGE", "The stand-in wants segments.date BETWEEN.")
            first, last = map(date.fromisoformat, span.values)
            figures = {"metrics": campaigns.as_metrics(campaigns.total(first, last))}
        facts = {
            "resourceName": f"customers/{CUSTOMER}",
            "id": CUSTOMER,
            "descriptiveName": "Juniper Dental",
            "currencyCode": CURRENCY,
            "timeZone": ZONE,
            "manager": fault == "manager",
            "testAccount": False,
            "status": "ENABLED",
        }
        return [{"customer": facts, **figures}]

    def _ads(self, _question: Question, fault: str) -> list[Fields]:
        return [] if fault == "empty" else [self._ad(ad) for ad in campaigns.ADS]

    def _ad(self, ad: campaigns.Ad) -> Fields:
        topics = [{"topic": topic, "type": effect} for topic, effect in ad.topics]
        policy = {"approvalStatus": ad.approval, "reviewStatus": "REVIEWED"}
        name = next(each.name for each in campaigns.CAMPAIGNS if each.id == ad.campaign)
        text = {
            "resourceName": f"customers/{CUSTOMER}/ads/{ad.id}",
            "id": str(ad.id),
            "type": "RESPONSIVE_SEARCH_AD",
            "finalUrls": [self._site + ad.path],
        }
        return {
            "campaign": {"name": name},
            "adGroup": {"name": ad.group},
            "adGroupAd": {
                "resourceName": f"customers/{CUSTOMER}/adGroupAds/1~{ad.id}",
                "status": "ENABLED",
                "ad": text,
                "policySummary": {**policy, **({"policyTopicEntries": topics} if topics else {})},
            },
        }


def _campaigns(_question: Question, fault: str) -> list[Fields]:
    return [] if fault == "empty" else [_campaign(each) for each in campaigns.CAMPAIGNS]


def _campaign(found: campaigns.Campaign) -> Fields:
    facts = {
        "resourceName": f"customers/{CUSTOMER}/campaigns/{found.id}",
        "id": str(found.id),
        "name": found.name,
        "status": found.status,
        "primaryStatus": found.primary,
        "primaryStatusReasons": list(found.reasons),
    }
    return {"campaign": facts}


def _kept(row: Fields, question: Question) -> bool:
    others = [each for each in question.conditions if each.field != "segments.date"]
    return all(each.holds(str(_at(row, each.field))) for each in others)


def _at(row: Fields, name: str) -> Any:
    """The value of a field as GAQL names it; BadQuestion where the stand-in has none."""
    value: Any = row
    for step in name.split("."):
        if not isinstance(value, dict) or _camel(step) not in value:
            raise BadQuestion("UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{name}'.")
        value = cast("Fields", value)[_camel(step)]
    return value


def _shown(row: Fields, question: Question) -> Fields:
    """What was asked for, and the names of resources, which Google always tells."""
    found: Fields = {}
    for name in question.fields:
        if name == "ad_group_ad.policy_summary.policy_topic_entries" and not _topics(row):
            continue  # an empty list is left out on the wire
        place, source = found, row
        steps = [_camel(step) for step in name.split(".")]
        value = _at(row, name)
        for step in steps[:-1]:
            source = source[step]
            place = place.setdefault(step, {})
            if "resourceName" in source:
                place["resourceName"] = source["resourceName"]
        place[steps[-1]] = value
    return found


def _topics(row: Fields) -> list[Fields]:
    return row["adGroupAd"]["policySummary"].get("policyTopicEntries", [])


def _pieces(question: Question, rows: list[Fields], *, broken: bool) -> list[Fields]:
    mask = ",".join(".".join(map(_camel, name.split("."))) for name in question.fields)
    groups = [rows[at : at + SEVERAL] for at in range(0, len(rows), SEVERAL)]
    found: list[Fields] = [
        {"results": group, "fieldMask": mask, "requestId": "Zm9yIHRoZSBkZW1vIA"} for group in groups
    ]
    if broken and question.resource == "campaign":
        return [*found[:1], cast("list[Fields]", ERRORS["server_error"].body)[0]]
    return found or [{"fieldMask": mask, "requestId": "Zm9yIHRoZSBkZW1vIA"}]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.capitalize() for each in others)
