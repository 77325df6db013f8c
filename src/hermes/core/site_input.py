"""What somebody types to register a site, checked before anything is written."""

from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from hermes.core.views.base import View


class SiteInput(View):
    """A site to be registered. `settings` hold keywords, competitors, property ids and the like."""

    base_url: str = Field(max_length=500, examples=["https://www.example.com"])
    name: str = Field(default="", max_length=120, examples=["Example"])
    settings: dict[str, Any] = Field(default_factory=dict)

    @field_validator("base_url")
    @classmethod
    def _address(cls, text: str) -> str:
        text = text.strip()
        if "://" not in text:
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            usable = bool(parts.hostname) and parts.scheme in ("http", "https") and parts.port != 0
        except ValueError:
            usable = False
            parts = urlsplit("")
        if not usable or " " in parts.netloc:
            raise ValueError(
                "must be an http:// or https:// address, such as https://www.example.com"
            )
        if parts.username or parts.password:
            raise ValueError("must hold no user name or password")
        return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"

    def model_post_init(self, context: Any) -> None:
        """Without a name the site is called by its host."""
        del context
        if not self.name.strip():
            object.__setattr__(self, "name", urlsplit(self.base_url).netloc)
