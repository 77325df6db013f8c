"""One account's facts, its figures of a period, ads with policy problems, and the states of its campaigns."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hermes_fleet.google.ads import Account, Customer, Figures, Row
from hermes_fleet.google.dates import Period, utc_now
from hermes_fleet.google.parts import Parts
from hermes_worker import WorkerError

FIGURES = ("ads_spend", "ads_impressions", "ads_clicks", "ads_cpc", "ads_conversions")
LISTS = ("ads_policy_issues", "ads_campaign_status")
OUTPUTS = FIGURES + LISTS
MICROS = 1_000_000
FACTS = (
    "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone,"
    " customer.manager, customer.test_account, customer.status FROM customer LIMIT 1"
)
TOTALS = (
    "SELECT metrics.cost_micros, metrics.impressions, metrics.clicks, metrics.conversions FROM customer"
    " WHERE segments.date BETWEEN '{first}' AND '{last}'"
)
POLICY = (
    "SELECT ad_group_ad.ad.id, ad_group_ad.ad.type, ad_group_ad.ad.final_urls,"
    " ad_group_ad.policy_summary.approval_status, ad_group_ad.policy_summary.review_status,"
    " ad_group_ad.policy_summary.policy_topic_entries, ad_group.name, campaign.name FROM ad_group_ad"
    " WHERE ad_group_ad.status != 'REMOVED' AND ad_group_ad.policy_summary.approval_status"
    " IN ('DISAPPROVED', 'APPROVED_LIMITED', 'AREA_OF_INTEREST_ONLY') ORDER BY ad_group_ad.ad.id LIMIT {rows}"
)
CAMPAIGNS = (
    "SELECT campaign.id, campaign.name, campaign.status, campaign.primary_status,"
    " campaign.primary_status_reasons FROM campaign ORDER BY campaign.id LIMIT {rows}"
)
STATES = {"ENABLED": "running", "PAUSED": "paused", "REMOVED": "removed"}
MANAGER = "The account {number} is a manager account, which has no spend of its own. Enter the customer ID of the advertising account as ads_customer in the site's settings."
NO_CLICKS = "There were no clicks in this period, so there is nothing to divide by. Check in Google Ads whether the campaigns are running."


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days, and how long the lists may be."""

    days: int
    end_days_ago: int
    row_limit: int

    def period(self, time_zone: str) -> Period:
        """Whole days where the account counts them."""
        today = utc_now().astimezone(zone_of(time_zone)).date()
        return Period.ending(today - timedelta(days=self.end_days_ago), self.days)


async def gather_advertising(gathering: Parts, account: Account, asked: Asked) -> None:
    """The account is read first: what is wrong with it says more than the refusal of a report."""
    period = asked.period("UTC")
    async with gathering.part("account", *OUTPUTS):
        period = asked.period((await _facts(gathering, account)).timeZone)
    if not gathering.missing:
        await _reports(gathering, account, asked, period)


async def _reports(gathering: Parts, account: Account, asked: Asked, period: Period) -> None:
    gathering.record("ads", period.payload())
    async with gathering.part("figures", *FIGURES):
        _figures(gathering, await account.rows(TOTALS.format(**_days(period))))
    async with gathering.part("policy", "ads_policy_issues"):
        found = await account.rows(POLICY.format(rows=asked.row_limit))
        gathering.outputs["ads_policy_issues"] = _list([issue(row) for row in found], asked)
    async with gathering.part("campaigns", "ads_campaign_status"):
        found = await account.rows(CAMPAIGNS.format(rows=asked.row_limit))
        gathering.outputs["ads_campaign_status"] = _list([state(row) for row in found], asked)


async def _facts(gathering: Parts, account: Account) -> Customer:
    found = await account.rows(FACTS)
    facts = found[0].customer if found else Customer()
    gathering.record(
        "ads",
        {
            "customer_id": account.number,
            "account": facts.descriptiveName or None,
            "currency": facts.currencyCode or None,
            "time_zone": facts.timeZone or "UTC",
            "account_status": facts.status.lower() or None,
            "test_account": facts.testAccount,
        },
    )
    if facts.manager:
        raise WorkerError("missing_config", MANAGER.format(number=account.number))
    return facts


def _figures(gathering: Parts, rows: list[Row]) -> None:
    """No row is an account without a single impression: honest zeros."""
    total = rows[0].metrics if rows else Figures()
    spend = total.costMicros / MICROS
    gathering.outputs |= {
        "ads_spend": round(spend, 2),
        "ads_impressions": total.impressions,
        "ads_clicks": total.clicks,
        "ads_conversions": round(total.conversions, 4),
    }
    if total.clicks:
        gathering.outputs["ads_cpc"] = round(spend / total.clicks, 4)
    gathering.leave_out("ads_cpc", "outputs_missing", NO_CLICKS)


def issue(row: Row) -> dict[str, Any]:
    """One ad that Google limits or disapproves, with the policies it breaks."""
    ad, policy = row.adGroupAd.ad, row.adGroupAd.policySummary
    return {
        "ad": ad.id,
        "campaign": row.campaign.name,
        "ad_group": row.adGroup.name,
        "url": ad.finalUrls[0] if ad.finalUrls else None,
        "approval": policy.approvalStatus.lower(),
        "review": policy.reviewStatus.lower() or None,
        "policies": [
            {"policy": each.topic, "effect": each.type.lower()}
            for each in policy.policyTopicEntries
        ],
    }


def state(row: Row) -> dict[str, Any]:
    """One campaign: what its owner set, and what Google makes of it."""
    campaign = row.campaign
    return {
        "id": campaign.id,
        "name": campaign.name,
        "state": STATES.get(campaign.status, campaign.status.lower() or "unknown"),
        "delivery": campaign.primaryStatus.lower() or None,
        "limited_by": [reason.lower() for reason in campaign.primaryStatusReasons],
    }


def _list(items: list[dict[str, Any]], asked: Asked) -> dict[str, Any]:
    return {"count": len(items), "items": items, "complete": len(items) < asked.row_limit}


def _days(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat()}


def zone_of(name: str) -> ZoneInfo:
    """The account's time zone; UTC where Google names none that is known here."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):
        return ZoneInfo("UTC")
