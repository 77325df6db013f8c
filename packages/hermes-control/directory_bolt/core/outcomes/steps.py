"""An answer that does not end the submission: a next page, something to correct, somebody needed."""

from collections.abc import Container, Sequence
from urllib.parse import urlsplit

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.mapping.choice import Chosen, weight
from directory_bolt.core.mapping.form import kinds_of, map_alone
from directory_bolt.core.orders.reason_texts import sentence_of
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.outcomes.sentences import sentences
from directory_bolt.core.outcomes.statements import Statement, accepted, first, reference
from directory_bolt.core.outcomes.views import Judgement, View

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
        complaint = each.field.complaint or (each.field.unmet if stayed else "")
        if complaint and (name in corrected or complaint not in (old.complaint, old.unmet)):
            found[name] = complaint
        elif each.field.invalid and not old.invalid:
            found[name] = "marked as wrong"
    return found


def goes_on(
    sent: Sequence[Chosen],
    before: View,
    after: View,
    form: Chosen | None,
    statements: Sequence[Statement],
) -> Judgement | None:
    """The next page of the same form: one that was not there before, and is not for news.

    `sent`: every page of the form that was sent in this visit; what asks for the same again begins
    a second submission.
    """
    if form is None or signature(form) in _signatures(before) or _again(form, sent):
        return None
    ends, asked = taken(statements), form.kinds - {Kind.HONEYPOT}
    if asked & {Kind.PAYMENT, Kind.CODE, Kind.LOGIN}:
        return None
    if weight(form) >= SURELY_NEXT:
        return None if ends and Kind.BUSINESS_NAME in asked else _next(form)
    if ends and not asked:
        return _unsure(ends, form)
    elsewhere = ends or _above(before.url, after.url)
    return _next(form) if not elsewhere and (not asked or asked - NEWS) else None


def taken(statements: Sequence[Statement]) -> str:
    """The sentence that says that the submission was taken, or under which number; "" without any."""
    return first(statements, accepted) or first(statements, lambda each: bool(reference(each)))


def _again(form: Chosen, sent: Sequence[Chosen]) -> bool:
    asked = form.kinds - {Kind.HONEYPOT}
    return bool(asked) and any(
        signature(form) == signature(each) or asked <= each.kinds for each in sent
    )


def _next(form: Chosen) -> Judgement:
    return Judgement("next", form=form, reason=None)


def _unsure(ends: str, form: Chosen) -> Judgement:
    button = form.button.text if form.button else ""
    return Judgement(message=f"The response says {ends!r} but still has the button {button!r}.")


def _above(before: str, after: str) -> bool:
    """Whether the answer is a page that the form's page stands below, such as the home page."""
    old, new = urlsplit(before).path.rstrip("/"), urlsplit(after).path.rstrip("/")
    return old.startswith(f"{new}/")


def signature(form: Chosen) -> tuple[str, ...]:
    """What tells one form from another: what can be filled in, by name."""
    return tuple(f.field.name or f.field.visible_name for f in form.fields if not f.field.hidden)


def _signatures(view: View) -> set[tuple[str, ...]]:
    return {
        tuple(f.name or f.visible_name for f in form.fields if not f.hidden)
        for frame in view.frames
        for form in frame.forms
    }


def stands_in_the_way(
    before: View, after: View, statements: Sequence[Statement]
) -> Judgement | None:
    """Money, a code, a link in an e-mail, a CAPTCHA, an account - in this order."""
    kinds = {
        kind for frame in after.frames for form in frame.forms for kind in kinds_of(map_alone(form))
    }
    ends = taken(statements)
    guarded = any(f.guards for f in after.frames) and not any(f.guards for f in before.frames)
    for reason, there, pattern in (
        (ResultReason.PAYMENT_REQUIRED, Kind.PAYMENT in kinds, sentences().payment),
        (ResultReason.VERIFICATION_REQUIRED, Kind.CODE in kinds, sentences().verify),
        (ResultReason.CAPTCHA, guarded and not ends, None),
        (ResultReason.LOGIN_REQUIRED, False, None if ends else sentences().login),
    ):
        found = next((each.text for each in statements if pattern and each.says(pattern)), "")
        if there or found:
            return Judgement("ended", "needs_manual", reason, found or sentence_of(reason))
    return None
