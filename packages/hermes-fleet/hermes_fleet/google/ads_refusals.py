"""What Google Ads refuses, by its error codes: a reason of Hermes' list, and what to do.

Source: developers.google.com/google-ads/api/docs/common-errors.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cure:
    """`sentence` may name the account as {place}."""

    reason: str
    sentence: str


ACCOUNT_CURES = {
    "DEVELOPER_TOKEN_NOT_APPROVED": Cure(
        "forbidden_403",
        "The developer token is approved for test accounts only: in Google Ads open Tools > API Center of the manager account and apply for Basic access.",
    ),
    "DEVELOPER_TOKEN_INVALID": Cure(
        "auth_401",
        "Google Ads does not know the developer token: copy developer_token again from Tools > API Center of the manager account.",
    ),
    "DEVELOPER_TOKEN_PROHIBITED": Cure(
        "forbidden_403",
        "The developer token belongs to another Google Cloud project: create the OAuth client in the project that first used the token.",
    ),
    "CUSTOMER_NOT_ENABLED": Cure(
        "forbidden_403",
        "The Google Ads account {place} is not enabled: finish its sign-up in Google Ads, or reactivate it if it was cancelled.",
    ),
    "CUSTOMER_NOT_FOUND": Cure(
        "missing_config",
        "There is no Google Ads account {place}: compare ads_customer in the site's settings with the number at the top right of Google Ads.",
    ),
    "USER_PERMISSION_DENIED": Cure(
        "forbidden_403",
        "The sign-in may not read the Google Ads account {place}. If the access comes through a manager account, set login_customer_id in the secret to that manager's customer ID.",
    ),
    "NOT_ADS_USER": Cure(
        "forbidden_403",
        "The Google account that signed in has no Google Ads account: invite it under Google Ads > Admin > Access and security.",
    ),
    "TWO_STEP_VERIFICATION_NOT_ENROLLED": Cure(
        "auth_401",
        "The account's administrator demands 2-Step Verification: switch it on for the Google account and sign in again.",
    ),
    "REQUESTED_METRICS_FOR_MANAGER": Cure(
        "missing_config",
        "The account {place} is a manager account, which has no figures of its own: enter the customer ID of the advertising account as ads_customer.",
    ),
    "UNSUPPORTED_VERSION": Cure(
        "wrong_endpoint_404",
        "Google has retired this version of its Ads API: set api_version in the secret to a current one, for example v26.",
    ),
}
"""By error code. What is not listed is told by its HTTP status."""
