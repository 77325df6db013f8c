"""From a draft to the outputs that the catalog promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hermes_fleet.content_generator import faq
from hermes_fleet.content_generator.draft import Draft
from hermes_fleet.content_generator.quality import Check
from hermes_fleet.content_generator.text import count
from hermes_worker import Missing

NO_QUESTION = Missing(
    "outputs_missing",
    "Neither the site nor the draft contains a question and answer on this topic."
    " Choose a topic that customers ask about, such as prices or opening hours.",
)
CUT_OFF = "The language model's answer was cut off at its limit of tokens before the questions."


@dataclass(frozen=True, slots=True)
class Finished:
    """A draft with its checks. `engine` wrote it; `cut_off`: its end is missing."""

    draft: Draft
    topic: str
    engine: str
    checks: dict[str, Check]
    cut_off: bool = False

    @property
    def to_review(self) -> list[str]:
        """The checks that it does not pass."""
        return [name for name, check in self.checks.items() if check.ok is False]


def texts(found: Finished) -> dict[str, Any]:
    """`drafts` and `content_blocks`, and `faq_schema` where there is one."""
    blocks = _blocks(found.draft)
    basis = (
        "The language model reached its limit, so the end is missing." if found.cut_off else None
    )
    more = {"complete": not found.cut_off, **({"basis": basis} if basis else {})}
    outputs: dict[str, Any] = {
        "drafts": {"count": 1, "items": [_draft(found)], **more},
        "content_blocks": {"count": len(blocks), "items": blocks, **more},
    }
    if found.draft.questions and found.checks["faq_valid"].ok:
        outputs["faq_schema"] = faq.markup(found.draft.questions)
    return outputs


def missing_faq(found: Finished) -> Missing:
    """Why there is no FAQ markup."""
    if found.cut_off and not found.draft.questions:
        return Missing("outputs_missing", f"{CUT_OFF} Allow more words, or run again.")
    if found.draft.questions:
        faults = "; ".join(map(str, found.checks["faq_valid"].value))
        return Missing(
            "outputs_missing", f"The markup was not returned because it is not valid: {faults}."
        )
    return NO_QUESTION


def _draft(found: Finished) -> dict[str, Any]:
    draft = found.draft
    return {
        "topic": found.topic,
        "engine": found.engine,
        "title": draft.title,
        "description": draft.description,
        "heading": _heading(found.topic),
        "body": _body(found.topic, draft),
        "words": draft.words,
        "sentences": [each.model_dump() for each in draft.sentences],
        "questions": [each.model_dump() for each in draft.questions],
        "sources": list(dict.fromkeys(each.source for each in draft.sentences if each.source)),
        "checks": {name: check.payload() for name, check in found.checks.items()},
        "to_review": found.to_review,
        "cut_off": found.cut_off,
    }


def _body(topic: str, draft: Draft) -> str:
    """The text in Markdown."""
    parts = [f"# {_heading(topic)}"]
    for section in draft.sections:
        parts += [f"## {section.heading}", section.text]
    return "\n\n".join(parts)


def _heading(topic: str) -> str:
    return topic[:1].upper() + topic[1:]


def _blocks(draft: Draft) -> list[dict[str, Any]]:
    return [
        {
            "id": f"section-{number}",
            "heading": section.heading,
            "level": 2,
            "text": section.text,
            "words": count(section.text),
            "sources": _sources(section.sentences),
        }
        for number, section in enumerate(draft.sections, 1)
    ]


def _sources(found: Sequence[Any]) -> list[str]:
    return list(dict.fromkeys(each.source for each in found if each.source))
