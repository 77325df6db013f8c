"""The fields of a site's form: what each is called, what to type, and who needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from hermes.core.catalog import Catalog
from hermes.core.sites.settings import SiteSettings
from hermes.core.views import SiteView
from hermes_base.problems import Problem

LISTS = frozenset(name for name, f in SiteSettings.model_fields.items() if f.annotation == list[str])  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormField:
    """One field; `name` is that of the site or of its setting."""

    name: str
    label: str
    help: str
    kind: Literal["text", "url", "email", "numeric", "lines"] = "text"
    required: bool = False


GROUPS: tuple[tuple[str, tuple[FormField, ...]], ...] = (
    ("The site", (
        FormField("base_url", "Address", "For example https://www.example.com", "url", required=True),
        FormField("name", "Name", "Optional. Defaults to the host name."),
        FormField("pages", "Important pages", "One per line: a /path or a full address of this site.", "lines"),
    )),
    ("Search", (
        FormField("keywords", "Tracked keywords", "One per line, as people type them into a search engine.", "lines"),
        FormField("competitors", "Competitors", "One address per line.", "lines"),
    )),
    ("Google", (
        FormField("gsc_site", "Search Console property", "The name shown in Search Console: sc-domain:example.com or https://www.example.com/"),
        FormField("ga4_property", "GA4 property", "The property ID from Admin > Property details, not the G- ID of a stream.", "numeric"),
        FormField("ads_customer", "Google Ads customer ID", "Ten digits at the top right of Google Ads, for example 123-456-7890."),
    )),
    ("Changes", (
        FormField("repository", "Git repository", "Where approved changes are proposed, for example https://github.com/owner/name", "url"),
    )),
    ("Alerts", (
        FormField("notify_to", "Send alerts to", "One email address.", "email"),
    )),
)  # fmt: skip
LABELS = {field.name: field.label for _, fields in GROUPS for field in fields}


def typed_of(site: SiteView) -> dict[str, str]:
    """What the form shows of a site."""
    settings = {name: _text(value) for name, value in site.settings.items() if name in LABELS}
    return {"base_url": site.base_url, "name": site.name, **settings}


def _text(value: Any) -> str:
    return "\n".join(map(str, cast("list[Any]", value))) if isinstance(value, list) else str(value)


def fields_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as `read_site` takes it."""
    settings: dict[str, Any] = {
        name: form.get(name, "").splitlines() if name in LISTS else form.get(name, "")
        for name in SiteSettings.model_fields
    }
    return {"baseUrl": form.get("base_url", ""), "name": form.get("name", ""), "settings": settings}


def faults_of(problem: Problem) -> dict[str, str]:
    """Sentences by field of the form; empty for a problem of no field."""
    details: Any = problem.details
    if isinstance(details, list):
        faults = cast("list[dict[str, str]]", details)
        return {_field(each["field"]): _sentence(each["message"]) for each in faults}
    return {_field(problem.field): f"{problem.message} {problem.hint}"} if problem.field else {}


def _field(name: str) -> str:
    return {"baseUrl": "base_url"}.get(name, name.removeprefix("settings."))


def _sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:]}{'' if message.endswith('.') else '.'}"


def needed_by(catalog: Catalog) -> dict[str, list[str]]:
    """Names of the built services that require a setting, by setting."""
    return {
        name: [s.name for s in catalog.workers if s.state == "built" and name in s.requires_site]
        for name in LABELS
    }
