"""Search Console and Analytics by google-api-python-client, signed in by google-auth."""
# pyright: basic, reportMissingImports=false, reportMissingModuleSource=false

from importlib.resources import files

from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials, service_account
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from httplib2 import Http
from situations import tell, told

secret = told["secret"]
SCOPES = [
    "https://www.googleapis.com/auth/webmasters.readonly",
    "https://www.googleapis.com/auth/analytics.readonly",
]


def signed_in():
    if secret["type"] == "authorized_user":
        return credentials.Credentials(
            None,
            refresh_token=secret["refresh_token"],
            token_uri=secret["token_uri"],
            client_id=secret["client_id"],
            client_secret=secret["client_secret"],
        )
    return service_account.Credentials.from_service_account_info(secret, scopes=SCOPES)


def service(document, endpoint):
    """As its own discovery document describes it, at the stand-in's address."""
    text = (
        files("googleapiclient.discovery_cache").joinpath(f"documents/{document}.json").read_text()
    )
    http = AuthorizedHttp(signed_in(), http=Http())
    return build_from_document(text, http=http, client_options={"api_endpoint": f"{endpoint}/"})


def report():
    console = service("searchconsole.v1", secret["base_urls"]["searchconsole"])
    analytics = service("analyticsdata.v1beta", secret["base_urls"]["analyticsdata"])
    search = console.searchanalytics()
    pages = {**told["range"], "dimensions": ["page"], "rowLimit": 5}
    days = {
        "dateRanges": [told["range"]],
        "metrics": [{"name": "sessions"}, {"name": "totalUsers"}],
    }
    place = f"properties/{told['property']}"
    return {
        "sites": console.sites().list().execute(),
        "totals": search.query(siteUrl=told["gsc_site"], body=told["range"]).execute(),
        "pages": search.query(siteUrl=told["gsc_site"], body=pages).execute(),
        "index": console.urlInspection()
        .index()
        .inspect(body={"siteUrl": told["gsc_site"], "inspectionUrl": told["gsc_site"]})
        .execute(),
        "visits": analytics.properties().runReport(property=place, body=days).execute(),
    }


def heard():
    try:
        return report()
    except HttpError as error:
        return {"status": error.status_code, "reason": error.reason}
    except GoogleAuthError as error:
        return {"kind": type(error).__name__, "said": str(error)}


tell(heard)
