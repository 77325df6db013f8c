"""What became of a form that was sent, told from what was seen before and after the click."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Literal

from hermes.core.submissions.fields import Kind
from hermes.core.submissions.fields_words import plain
from hermes.core.submissions.forms import Frame
from hermes.core.submissions.mapping_choice import Chosen, choose, wants_login, weight
from hermes.core.submissions.mapping_forms import kinds_of, map_alone
from hermes.core.submissions.outcomes_reading import (
    Said,
    accepted,
    duplicate,
    first,
    new_sentences,
    reference,
    refused,
)
from hermes.core.submissions.outcomes_sentences import LOGIN, PAYMENT, TROUBLE, VERIFY
from hermes.core.submissions.profile import BusinessProfile
from hermes.core.submissions.states import REASON_TEXTS, ResultReason, ResultStatus

Step = Literal["ended", "next", "correct"]
LISTING_LINK = re.compile(
    r"\b(view|see|show|go to|open)\b.{0,12}\b(listing|entry|page|profile)\b|zum eintrag|eintrag ansehen"
    r"|voir (la|votre) fiche|ver (la|a|su) ficha|vedi la scheda|bekijk (de|uw) vermelding"
)
SURELY_NEXT = 2.0  # weight of a form that goes on even where the page says "saved"
NEWS = frozenset({Kind.EMAIL, Kind.NEWSLETTER, Kind.NAME, Kind.FULL_NAME, Kind.FIRST_NAME})


@dataclass(frozen=True, slots=True)
class View:
    """A page as it was seen; `status` of the answer that made it, None where none was needed.

    `alerts` are what the page told in boxes of the browser.
    """

    frames: Sequence[Frame]
    status: int | None = None
    alerts: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return self.frames[0].url

    @property
    def text(self) -> str:
        """Everything that is read on the page."""
        return "\n".join([*self.alerts, *(frame.text for frame in self.frames)])


@dataclass(frozen=True, slots=True)
class Judgement:
    """`step`: "ended" with a status, "next" with the form to go on with, or "correct" what is wrong.

    `wrong`: name of a field -> what the page says of it.
    """

    step: Step = "ended"
    status: ResultStatus = "needs_manual"
    reason: ResultReason | None = ResultReason.OUTCOME_UNKNOWN
    message: str = ""
    confirmation: str | None = None
    listing_url: str | None = None
    form: Chosen | None = None
    wrong: dict[str, str] = field(default_factory=dict[str, str])


def judge(
    before: View,
    sent: Chosen,
    after: View,
    profile: BusinessProfile,
    corrected: Container[str] = frozenset(),
) -> Judgement:
    """Submitted only by an explicit acceptance, a reference or the listing; else why not.

    `corrected`: names of fields that were written anew because the page had complained of them.
    """
    said = new_sentences(before.text, after.text, profile)
    if after.status is not None and after.status >= 500:
        return _unknown(f"The directory answered with status {after.status}.")
    if (found := first(said, duplicate)) or after.status == 409:
        message = found or "The directory answered that there is such an entry already."
        return Judgement(
            "ended", "skipped", ResultReason.DUPLICATE, message, None, _link(after, profile)
        )
    form = choose(after.frames, later=True)
    if wrong := _wrong(sent, form, corrected, stayed=after.status is None):
        return Judgement("correct", form=form, wrong=wrong, reason=None)
    if found := first(said, refused):
        return _refused(found, first(said, accepted))
    return (
        _goes_on(before, form, said)
        or _stands_in_the_way(before, after, said)
        or _accepted(before, after, said, profile)
    )


def _refused(refusal: str, acceptance: str) -> Judgement:
    if acceptance:
        return _unknown(f"The answer says both {acceptance!r} and {refusal!r}.")
    return Judgement("ended", "failed", ResultReason.REJECTED, refusal)


def _wrong(
    sent: Chosen, form: Chosen | None, corrected: Container[str], *, stayed: bool
) -> dict[str, str]:
    """What the page newly says is wrong with fields of the form that was sent.

    `stayed`: the browser itself kept the form from being sent, and says why.
    """
    if form is None:
        return {}
    known = {each.field.name: each.field for each in sent.fields}
    found = dict[str, str]()
    for each in form.fields:
        name, old = each.field.name, known.get(each.field.name)
        if old is None or each.field.hidden:
            continue
        said = each.field.complaint or (each.field.unmet if stayed else "")
        if said and (name in corrected or said not in (old.complaint, old.unmet)):
            found[name] = said
        elif each.field.invalid and not old.invalid:
            found[name] = "marked as wrong"
    return found


def _goes_on(before: View, form: Chosen | None, said: Sequence[Said]) -> Judgement | None:
    """The next page of the same form: one that was not there before, and is not for news."""
    if form is None or signature(form) in _signatures(before):
        return None
    ends = first(said, accepted) or any(reference(each) for each in said)
    asked = form.kinds - {Kind.HONEYPOT}
    if asked & {Kind.PAYMENT, Kind.CODE, Kind.LOGIN}:
        return None
    if weight(form) >= SURELY_NEXT or (not ends and (not asked or asked - NEWS)):
        return Judgement("next", form=form, reason=None)
    return None


def signature(form: Chosen) -> tuple[str, ...]:
    """What tells one form from another: what can be filled in, by name."""
    return tuple(f.field.name or f.field.told for f in form.fields if not f.field.hidden)


def _signatures(view: View) -> set[tuple[str, ...]]:
    return {
        tuple(f.name or f.told for f in form.fields if not f.hidden)
        for frame in view.frames
        for form in frame.forms
    }


def _stands_in_the_way(before: View, after: View, said: Sequence[Said]) -> Judgement | None:
    """Money, a code, a link in an e-mail, a CAPTCHA, an account - in this order."""
    kinds = {
        kind for frame in after.frames for form in frame.forms for kind in kinds_of(map_alone(form))
    }
    ends = first(said, accepted) or any(reference(each) for each in said)
    guarded = any(f.guards for f in after.frames) and not any(f.guards for f in before.frames)
    for reason, there, pattern in (
        (ResultReason.PAYMENT_REQUIRED, Kind.PAYMENT in kinds, PAYMENT),
        (ResultReason.VERIFICATION_REQUIRED, Kind.CODE in kinds, VERIFY),
        (ResultReason.CAPTCHA, guarded and not ends, None),
        (ResultReason.LOGIN_REQUIRED, False, None if ends else LOGIN),
    ):
        found = next((each.text for each in said if pattern and each.says(pattern)), "")
        if there or found:
            return Judgement("ended", "needs_manual", reason, found or REASON_TEXTS[reason])
    return None


def _accepted(
    before: View, after: View, said: Sequence[Said], profile: BusinessProfile
) -> Judgement:
    trouble = next((each.text for each in said if each.says(TROUBLE)), "")
    if trouble or (after.status or 200) >= 400:
        return _unknown(trouble or f"The directory answered with status {after.status}.")
    number = next((code for each in said if (code := reference(each))), None)
    listing = _listing(before, after, profile) or (
        _link(after, profile) if first(said, accepted) else None
    )
    if number or listing or first(said, accepted):
        return Judgement("ended", "submitted", None, "", number, listing)
    return _unknown("The answer says neither that the entry was taken nor that it was not.")


def _listing(before: View, after: View, profile: BusinessProfile) -> str | None:
    """The address of the page, when it is another one and headed by the name of the business."""
    name = plain(profile.business_name)
    headed = any(plain(h) == name for frame in after.frames for h in frame.headings)
    moved = after.url.partition("#")[0] != before.url.partition("#")[0]
    return after.url if headed and moved and not wants_login(after.frames) else None


def _link(after: View, profile: BusinessProfile) -> str | None:
    """A link to the listing: named as the business, or "view your listing"."""
    name = plain(profile.business_name)
    for frame in after.frames:
        for link in frame.links:
            words = plain(link.text)
            if words == name or LISTING_LINK.search(words):
                return link.url
    return None


def _unknown(message: str) -> Judgement:
    return Judgement(message=message)
