"""What became of a form that was sent, told from what was seen before and after the click."""

import re
from collections.abc import Container, Sequence

from directory_bolt.core.forms.words import plain
from directory_bolt.core.mapping.choice import Chosen, choose, wants_login
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.outcomes.listing import is_listing_of
from directory_bolt.core.outcomes.sentences import sentences
from directory_bolt.core.outcomes.statements import (
    Statement,
    accepted,
    duplicate,
    first,
    new_sentences,
    reference,
    refused,
)
from directory_bolt.core.outcomes.steps import goes_on, stands_in_the_way, taken, wrong_fields
from directory_bolt.core.outcomes.views import Judgement, View

LISTING_LINK = re.compile(
    r"\b(view|see|show|go to|open)\b.{0,12}\b(listing|entry|page|profile)\b|zum eintrag|eintrag ansehen"
    r"|voir (la|votre) fiche|ver (la|a|su) ficha|vedi la scheda|bekijk (de|uw) vermelding"
)


def judge(
    before: View,
    sent: Chosen,
    after: View,
    profile: BusinessProfile,
    corrected: Container[str] = frozenset(),
    earlier: Sequence[Chosen] = (),
) -> Judgement:
    """Submitted only by an explicit acceptance, a reference or the listing; else why not.

    `corrected`: names of fields that were written anew because the page had complained of them.
    `earlier`: the pages of the form that were sent before this one.
    """
    statements = new_sentences(before.text, after.text, profile)
    if after.status is not None and after.status >= 500:
        return _unknown(f"The directory returned status {after.status}.")
    if (found := first(statements, duplicate)) or after.status == 409:
        return _duplicate(
            found, [each for each in statements if not duplicate(each)], after, profile
        )
    form = choose(after.frames, later=True)
    if wrong := wrong_fields(sent, form, corrected, stayed=after.status is None):
        return _contradiction(taken(statements), "; ".join(wrong.values())) or Judgement(
            "correct", form=form, wrong=wrong, reason=None
        )
    if found := first(statements, refused):
        no = Judgement("ended", "failed", ResultReason.REJECTED, found)
        return _contradiction(taken(statements), found) or no
    return (
        goes_on([*earlier, sent], before, after, form, statements)
        or stands_in_the_way(before, after, statements)
        or _accepted(before, after, statements, profile)
    )


def _duplicate(
    text: str, others: Sequence[Statement], after: View, profile: BusinessProfile
) -> Judgement:
    message = text or "The directory reported that the business is already listed."
    listing = _link(after, profile)
    there = Judgement("ended", "skipped", ResultReason.DUPLICATE, message, None, listing)
    return _contradiction(taken(others), message) or there


def _contradiction(acceptance: str, other: str) -> Judgement | None:
    """For people, where the answer also says that the entry was taken: nothing is sent again."""
    return (
        _unknown(f"The response is contradictory: it says {acceptance!r} and {other!r}.")
        if acceptance
        else None
    )


def _accepted(
    before: View, after: View, statements: Sequence[Statement], profile: BusinessProfile
) -> Judgement:
    trouble = next((each.text for each in statements if each.says(sentences().trouble)), "")
    if trouble or (after.status or 200) >= 400:
        return _unknown(trouble or f"The directory returned status {after.status}.")
    number = next((code for each in statements if (code := reference(each))), None)
    listing = _listing(before, after, profile) or (
        _link(after, profile) if first(statements, accepted) else None
    )
    if number or listing or first(statements, accepted):
        return Judgement("ended", "submitted", None, "", number, listing)
    return _unknown("The response does not say whether the entry was accepted.")


def _listing(before: View, after: View, profile: BusinessProfile) -> str | None:
    """The address of the page, when it is another one and the listing, not a step on the way to it."""
    headed = any(is_listing_of(frame, profile) for frame in after.frames)
    moved = after.url.partition("#")[0] != before.url.partition("#")[0]
    underway = (
        sentences().underway.search(plain(after.text))
        or choose(after.frames)
        or wants_login(after.frames)
    )
    return after.url if headed and moved and not underway else None


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
