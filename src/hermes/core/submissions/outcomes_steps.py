"""An answer that does not end the submission: a next page, something to correct, somebody needed."""

from collections.abc import Container, Sequence

from hermes.core.submissions.fields import Kind
from hermes.core.submissions.mapping_choice import Chosen, weight
from hermes.core.submissions.mapping_forms import kinds_of, map_alone
from hermes.core.submissions.outcomes_reading import Said, accepted, first, reference
from hermes.core.submissions.outcomes_sentences import LOGIN, PAYMENT, VERIFY
from hermes.core.submissions.outcomes_views import Judgement, View
from hermes.core.submissions.states import REASON_TEXTS, ResultReason

SURELY_NEXT = 2.0  # weight of a form that goes on even where the page says "saved"
NEWS = frozenset({Kind.EMAIL, Kind.NEWSLETTER, Kind.NAME, Kind.FULL_NAME, Kind.FIRST_NAME})


def wrong_fields(
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


def goes_on(before: View, form: Chosen | None, said: Sequence[Said]) -> Judgement | None:
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


def stands_in_the_way(before: View, after: View, said: Sequence[Said]) -> Judgement | None:
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
