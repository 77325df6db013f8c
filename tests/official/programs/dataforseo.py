"""DataForSEO by its own client: every field goes through its strict models."""
# pyright: basic, reportMissingImports=false

from dataforseo_client import ApiClient, Configuration
from dataforseo_client import models as shape
from dataforseo_client.api.appendix_api import AppendixApi
from dataforseo_client.api.backlinks_api import BacklinksApi
from dataforseo_client.api.dataforseo_labs_api import DataforseoLabsApi
from dataforseo_client.api.serp_api import SerpApi
from dataforseo_client.rest import ApiException
from situations import tell, told

secret, target = told["secret"], told["target"]
place = {"location_code": 2840, "language_code": "en"}
client = ApiClient(
    Configuration(host=secret["base_url"], username=secret["login"], password=secret["password"])
)
serp, links, labs = SerpApi(client), BacklinksApi(client), DataforseoLabsApi(client)


def model(module, name):
    """A request model; the package exports only some of them at its top."""
    return getattr(__import__(f"{shape.__name__}.{module}", fromlist=[name]), name)


def request(module, **fields):
    name = "".join(part.capitalize() for part in module.split("_"))
    return [model(module, name)(**fields)]


CALLS = {
    "serp": lambda: serp.google_organic_live_advanced(
        request(
            "serp_google_organic_live_advanced_request_info",
            keyword=told["keyword"],
            depth=10,
            **place,
        )
    ),
    "summary": lambda: links.summary_live(
        request("backlinks_summary_live_request_info", target=target)
    ),
    "backlinks": lambda: links.backlinks_live(
        request("backlinks_backlinks_live_request_info", target=target, limit=5)
    ),
    "anchors": lambda: links.anchors_live(
        request("backlinks_anchors_live_request_info", target=target)
    ),
    "referring_domains": lambda: links.referring_domains_live(
        request("backlinks_referring_domains_live_request_info", target=target)
    ),
    "history": lambda: links.history_live(
        request("backlinks_history_live_request_info", target=target)
    ),
    "new_lost": lambda: links.timeseries_new_lost_summary_live(
        request("backlinks_timeseries_new_lost_summary_live_request_info", target=target)
    ),
    "ranked": lambda: labs.google_ranked_keywords_live(
        request("dataforseo_labs_google_ranked_keywords_live_request_info", target=target, **place)
    ),
    "competitors": lambda: labs.google_competitors_domain_live(
        request(
            "dataforseo_labs_google_competitors_domain_live_request_info", target=target, **place
        )
    ),
    "serp_competitors": lambda: labs.google_serp_competitors_live(
        request(
            "dataforseo_labs_google_serp_competitors_live_request_info",
            keywords=[told["keyword"]],
            **place,
        )
    ),
    "intersection": lambda: labs.google_domain_intersection_live(
        request(
            "dataforseo_labs_google_domain_intersection_live_request_info",
            target_1=target,
            target_2=target,
            **place,
        )
    ),
    "user": lambda: AppendixApi(client).user_data(),
}


def unknown(found, path=""):
    """Fields that the client's models do not know, by where they stand."""
    if isinstance(found, list):
        return sorted({each for one in found for each in unknown(one, path)})
    if not hasattr(type(found), "model_fields"):
        return []
    extra = [f"{path}.{name}" for name in getattr(found, "additional_properties", {})]
    parts = [
        unknown(getattr(found, name), f"{path}.{name}")
        for name in type(found).model_fields
        if name != "additional_properties"
    ]
    return sorted({*extra, *(each for part in parts for each in part)})


def heard(call):
    try:
        found = call()
    except ApiException as error:
        return {"status": error.status, "body": error.body}
    task = (found.tasks or [None])[0]
    return {
        "code": found.status_code,
        "task": task.status_code if task else None,
        "message": task.status_message if task else found.status_message,
        "unknown": unknown(found),
        "result": task.result[0].to_dict() if task and task.result else None,
    }


def all_heard():
    """Every call; then one under a wrong password."""
    answers = {name: heard(call) for name, call in CALLS.items()}
    client.configuration.password = "guess"
    answers["wrong password"] = heard(CALLS["serp"])
    client.configuration.password = secret["password"]
    return answers


tell(all_heard)
