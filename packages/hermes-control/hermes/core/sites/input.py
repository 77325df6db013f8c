"""What somebody types to register or change a site, checked before anything is written."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from hermes.core.sites.addresses import base_address
from hermes.core.sites.settings import SiteSettings
from hermes.core.sites.site import Site
from hermes_base.problems import Problem
from hermes_base.view import View


class SiteInput(View):
    """A site to be registered. Without a name it is called by its host."""

    model_config = ConfigDict(extra="forbid")

    base_url: Annotated[
        str,
        Field(max_length=500, examples=["https://www.example.com"]),
        AfterValidator(base_address),
    ]
    name: str = Field(default="", max_length=120, examples=["Example"])
    settings: SiteSettings = Field(default_factory=SiteSettings)

    @field_validator("settings")
    @classmethod
    def _of_this_site(cls, settings: SiteSettings, known: ValidationInfo) -> SiteSettings:
        base_url = known.data.get("base_url")
        return settings.of_site(base_url) if base_url else settings

    def model_post_init(self, context: Any) -> None:
        """Blanks around a name do not count."""
        del context
        object.__setattr__(self, "name", self.name.strip() or urlsplit(self.base_url).netloc)

    def stored_beside(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The settings to store; those of other names that are there already stay."""
        others = {n: v for n, v in stored.items() if n not in SiteSettings.model_fields}
        return {**others, **self.settings.given()}


class SiteChange(View):
    """What of a site is to change; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    updated_at: AwareDatetime = Field(
        description="The value you read, so that later changes by others are not overwritten"
    )
    base_url: str | None = None
    name: str | None = None
    settings: dict[str, Any] = Field(
        default_factory=dict, description="Only the settings to change; null clears a setting"
    )


def read_site(fields: Mapping[str, Any]) -> SiteInput:
    """A site from its fields. Raises `invalid_request` with `{field, message}` of every fault."""
    try:
        return SiteInput.model_validate(fields)
    except ValidationError as error:
        faults = [(".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors()]
        raise Problem(
            "invalid_request",
            "; ".join(f"{field}: {message}" for field, message in faults),
            "Correct the fields named above.",
            field=faults[0][0],
            details=[{"field": field, "message": message} for field, message in faults],
        ) from None


def changed(site: Site, change: SiteChange) -> SiteInput:
    """The whole site after a change. Raises `site_changed`, `demo_address`, `invalid_request`."""
    if change.updated_at != site.updated_at:
        message = "Someone else changed this site after you opened it."
        hint = "Reload it, check what changed, then make your change again."
        raise Problem("site_changed", message, hint, field="updatedAt")
    settings = {name: site.settings.get(name) for name in SiteSettings.model_fields}
    wanted = read_site(
        {
            "baseUrl": site.base_url if change.base_url is None else change.base_url,
            "name": site.name if change.name is None else change.name,
            "settings": {**settings, **change.settings},
        }
    )
    if site.is_demo and wanted.base_url != site.base_url:
        message = "The demo site's address cannot be changed."
        raise Problem("demo_address", message, "Add your own site instead.", field="baseUrl")
    return wanted


def differences(site: Site, wanted: SiteInput) -> list[str]:
    """Names of what a change makes different: `baseUrl`, `name`, `settings.keywords` ..."""
    stored = {"baseUrl": site.base_url, "name": site.name}
    after = {"baseUrl": wanted.base_url, "name": wanted.name}
    found = [name for name in stored if stored[name] != after[name]]
    given = wanted.settings.given()
    return found + [
        f"settings.{name}"
        for name in SiteSettings.model_fields
        if (site.settings.get(name) or None) != given.get(name)
    ]


def require_name(site: Site, typed: str) -> None:
    """Raises `name_differs` unless the site's name was typed."""
    if typed.strip() != site.name:
        message = f"The name you typed does not match {site.name!r}."
        hint = "Type the site's name exactly as shown."
        raise Problem("name_differs", message, hint, field="name")


def require_idle(runs: int) -> None:
    """Raises `site_busy` while runs of a site have not ended, its workers' jobs included."""
    if runs:
        message = f"{runs} {'run' if runs == 1 else 'runs'} of this site have not finished."
        hint = "Wait for them to finish, or cancel the test jobs. Each worker must confirm that its job has ended."
        raise Problem("site_busy", message, hint)
