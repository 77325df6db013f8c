"""PageSpeed Insights and the Chrome UX Report by google-api-python-client."""
# pyright: basic, reportMissingImports=false

from importlib.resources import files

from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from situations import tell, told


def service(document, secret):
    text = (
        files("googleapiclient.discovery_cache").joinpath(f"documents/{document}.json").read_text()
    )
    options = {"api_endpoint": f"{secret['base_url']}/"}
    return build_from_document(text, developerKey=secret["key"], client_options=options)


def report():
    insights = service("pagespeedonline.v5", told["psi"]).pagespeedapi()
    records = service("chromeuxreport.v1", told["crux"]).records()
    page, form = f"{told['site']}/", {"origin": told["site"], "formFactor": "PHONE"}
    return {
        "run": insights.runpagespeed(
            url=page, strategy="MOBILE", category=["PERFORMANCE"]
        ).execute(),
        "record": records.queryRecord(body=form).execute(),
        "history": records.queryHistoryRecord(body={"origin": told["site"]}).execute(),
    }


def heard():
    try:
        return report()
    except HttpError as error:
        return {"status": error.status_code, "reason": error.reason}


tell(heard)
