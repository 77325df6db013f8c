"""The settings of a site: what its services need to know of it, and the names that there are."""

from collections.abc import Mapping
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from hermes.core.sites import values as site_values
from hermes.core.sites.addresses import base_address, page_address, refused, same_site
from hermes.core.sites.values import each


def _or_empty(what: type) -> BeforeValidator:
    """null clears a setting."""
    return BeforeValidator(lambda value: what() if value is None else value)


Lines = Annotated[list[str], _or_empty(list)]
Text = Annotated[str, Field(max_length=500), _or_empty(str)]


class SiteSettings(BaseModel):
    """What is empty counts as not set. Lists hold one entry a line where people type them."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", coerce_numbers_to_str=True, use_attribute_docstrings=True
    )

    keywords: Annotated[Lines, AfterValidator(each(site_values.keyword))] = []
    """Search terms to track."""
    competitors: Annotated[Lines, AfterValidator(each(base_address))] = []
    """Addresses of sites to compare with."""
    gsc_site: Annotated[Text, AfterValidator(site_values.gsc_site)] = ""
    """Search Console property: `sc-domain:example.com` or `https://www.example.com/`."""
    ga4_property: Annotated[Text, AfterValidator(site_values.ga4_property)] = ""
    """Number of the Google Analytics 4 property."""
    ads_customer: Annotated[Text, AfterValidator(site_values.ads_customer)] = ""
    """Customer ID of the Google Ads account: `123-456-7890`."""
    repository: Annotated[Text, AfterValidator(site_values.repository)] = ""
    """Address of the site's Git repository: `https://github.com/owner/name`."""
    notify_to: Annotated[Text, AfterValidator(site_values.notify_to)] = ""
    """Email address for alerts."""
    pages: Lines = []
    """Important pages of the site itself, as /path or whole address."""

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        """An unknown name is refused with the list of the known ones."""
        names = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
        known = f"is not a setting; the settings are {', '.join(cls.model_fields)}"
        _raise({name: refused(known) for name in names if name not in cls.model_fields})
        return cast("Any", given)

    def given(self) -> dict[str, Any]:
        """What is set, as it is stored."""
        return {name: value for name, value in self if value}

    def of_site(self, base_url: str) -> "SiteSettings":
        """The same for a site at this address, pages made whole. Raises what does not fit it."""
        faults: dict[str, PydanticCustomError] = {}
        host = urlsplit(base_url).netloc
        if own := [c for c in self.competitors if same_site(urlsplit(c).netloc, host)]:
            faults["competitors"] = refused(f"{own[0]} is this site, not a competitor")
        pages = self.pages
        try:
            pages = each(lambda page: page_address(page, base_url))(pages)
        except PydanticCustomError as fault:
            faults["pages"] = fault
        _raise(faults)
        return self.model_copy(update={"pages": pages})


def _raise(faults: Mapping[str, PydanticCustomError]) -> None:
    """Every fault beside its field."""
    if faults:
        lines = [InitErrorDetails(type=f, loc=(name,), input=None) for name, f in faults.items()]
        raise ValidationError.from_exception_data("SiteSettings", lines)
