"""The checks by the id of their rule."""

from hermes_fleet.content_qa.checks import access, metadata, structure, substance, trust
from hermes_fleet.content_qa.finding import Check

CHECKS: dict[str, Check] = {
    check.__name__: check
    for check in (
        metadata.title_missing,
        metadata.title_length,
        metadata.title_duplicate,
        metadata.description_missing,
        metadata.description_length,
        metadata.description_duplicate,
        structure.h1_missing,
        structure.h1_multiple,
        structure.heading_order,
        substance.thin_content,
        substance.duplicate_text,
        substance.placeholder_text,
        substance.claim_without_source,
        trust.author_missing,
        trust.date_missing,
        trust.about_missing,
        trust.contact_missing,
        access.language_missing,
        access.image_alt_missing,
        access.link_empty,
        access.link_vague,
    )
}
