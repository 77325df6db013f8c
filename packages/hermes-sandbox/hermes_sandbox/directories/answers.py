"""The pages that answer a form which was filled in rightly."""

from html import escape

from hermes_sandbox.directories.frames import bare, page, text
from hermes_sandbox.directories.guards import card_fields
from hermes_sandbox.directories.listings import Listing
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.words import PHRASES


def reference(directory: Directory, number: int) -> str:
    """The number under which an entry is kept: the same for the same entry."""
    initials = "".join(word[0] for word in directory.name.split() if word[0].isalpha()).upper()
    return f"{initials[:3]}-{40_000 + number * 7}"


def thanks_page(directory: Directory, made: Listing) -> str:
    """That the entry was received."""
    phrases = PHRASES[directory.language]
    body = (
        text(phrases["thanks"], business=made.business),
        text(phrases["reference"], number=reference(directory, made.number)),
    )
    return _shown(directory, phrases["thanks_title"], *body)


def reference_page(directory: Directory, made: Listing) -> str:
    """Nothing but a number."""
    phrases = PHRASES[directory.language]
    number = phrases["reference"].format(number=reference(directory, made.number))
    return _shown(directory, directory.name, f"<p><strong>{escape(number)}</strong></p>")


def inline_message(directory: Directory, made: Listing) -> str:
    """The sentence that appears in the page."""
    return PHRASES[directory.language]["inline"].format(number=reference(directory, made.number))


def email_page(directory: Directory) -> str:
    """That a link in an e-mail must be followed."""
    phrases = PHRASES[directory.language]
    return _shown(directory, phrases["email_title"], text(phrases["email_sent"]))


def sms_page(directory: Directory, wrong: str = "") -> str:
    """Where the code of a text message is asked for."""
    phrases = PHRASES[directory.language]
    form = (
        f'<form method="post" action="/{directory.slug}/code"><p class="error">{escape(wrong)}</p>'
        f'<p><label>{phrases["code"]} <input name="code" autocomplete="one-time-code" maxlength="6"'
        f" required></label></p><p><button>{phrases['confirm']}</button></p></form>"
    )
    return _shown(directory, phrases["sms_title"], text(phrases["sms_sent"]), form)


def payment_page(directory: Directory, wrong: str = "") -> str:
    """Where money is asked for."""
    phrases = PHRASES[directory.language]
    form = (
        f'<form method="post" action="/{directory.slug}/pay"><p class="error">{escape(wrong)}</p>'
        f"{card_fields(directory)}<p><button>{phrases['pay_now']}</button></p></form>"
    )
    return _shown(directory, phrases["pay_title"], form)


def refusal_page(directory: Directory) -> str:
    """A no that begins with thanks."""
    phrases = PHRASES[directory.language]
    refusal = text(phrases["refusal"], name=directory.name)
    return _shown(directory, phrases["refusal_title"], refusal)


def duplicate_page(directory: Directory, known: Listing) -> str:
    """That the business was there before."""
    phrases = PHRASES[directory.language]
    link = f'<p><a href="/{directory.slug}/{known.place}">{phrases["see_listing"]}</a></p>'
    return _shown(directory, phrases["duplicate_title"], text(phrases["duplicate"], business=known.business), link)  # fmt: skip


def plain_page(directory: Directory, title: str, sentence: str) -> str:
    """A page with one sentence, both named by their phrases."""
    phrases = PHRASES[directory.language]
    return page(directory, phrases[title], text(phrases[sentence], name=directory.name))


def _shown(directory: Directory, title: str, *body: str) -> str:
    if directory.shape == "frame":
        return bare(directory, f"<h1>{escape(title)}</h1>", *body)
    return page(directory, title, *body)
