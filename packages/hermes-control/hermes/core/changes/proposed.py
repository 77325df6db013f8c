"""What somebody types to propose a change, checked before anything is written."""

from typing import Annotated, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from pydantic import ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from hermes.core.sites.addresses import page_address
from hermes_base.typed import wrong
from hermes_base.view import View

Kind: TypeAlias = Literal["title", "description", "canonical", "alt", "link", "redirect"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_WORDS: dict[Kind, str] = {
    "title": "Title", "description": "Description", "canonical": "Canonical address",
    "alt": "Alternative text of an image", "link": "Target of a link", "redirect": "Redirect",
}  # fmt: skip
TARGETED = ("alt", "link")
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=ONE_LINE)]


class ChangeInput(View):
    """A change of one value of one page. A redirect leads from `page` to `after`."""

    model_config = ConfigDict(extra="forbid")

    page: Annotated[Line, Field(min_length=1, description="A /path or a full address of the site")]
    kind: Kind
    target: Line = Field(
        default="", description="alt: the image's src as the page has it; link: its href"
    )
    before: Line | None = Field(
        default=None, description="The value that is replaced; null when there is none"
    )
    after: Line = Field(description="The new value")
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = Field(
        default="", description="The finding that it mends"
    )


def sound(wanted: ChangeInput, base_url: str) -> ChangeInput:
    """The change with its page as a full address. Raises `invalid_request` with a sentence for each field."""
    faults: list[tuple[str, str]] = []
    if wanted.kind in TARGETED and not wanted.target:
        faults.append(("target", "say which image or link, by its address as the page has it"))
    if wanted.kind not in TARGETED and wanted.target:
        faults.append(("target", "only images and links have one"))
    if not wanted.after and wanted.kind != "alt":
        faults.append(("after", "enter the new value"))
    if wanted.kind == "link" and wanted.before != wanted.target:
        wanted = wanted.model_copy(update={"before": wanted.target})
    if wanted.after == (wanted.before or "") and wanted.kind != "alt":
        faults.append(("after", "is the value that is there already"))
    if faults:
        raise wrong(faults)
    return wanted.model_copy(update={"page": _page(wanted, base_url)})


def _page(wanted: ChangeInput, base_url: str) -> str:
    try:
        return page_address(wanted.page, base_url)
    except PydanticCustomError as fault:
        raise wrong([("page", fault.message())]) from None


def path_of(page: str) -> str:
    """What people read of a page: its path."""
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "") or "/"
