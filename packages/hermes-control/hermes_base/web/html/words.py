"""Small things that stand everywhere: a symbol, a state with its word and shape, a time."""

from datetime import datetime
from functools import lru_cache

from markupsafe import Markup, escape

from hermes_base.web.html.formatting import ago, stamp

LOOKS = {
    "success": "passed", "ready": "passed", "ok": "passed", "done": "passed", "delivered": "passed",
    "submitted": "passed",
    "running": "pending", "queued": "pending", "submitting": "pending", "waiting": "pending",
    "in_progress": "pending",
    "not_tested": "untested", "cancelled": "untested", "skipped": "untested", "off": "untested",
    "needs_config": "config", "not_configured": "config", "needs_manual": "config",
}  # fmt: skip
"""The look of each stored state: several say the same to a reader."""
TURNING = ("running", "submitting")
DRAWN = 4096
"""Kept, since the same few stand on every page; the words of a state are of a closed list or a count. Marked-up
text and plain text of the same letters are kept apart (`typed`)."""


@lru_cache(maxsize=DRAWN, typed=True)
def icon(name: str, size: str = "") -> Markup:
    """A symbol of `parts/sprite.html`; `size`: "" or a class of `.i`."""
    look = f"i {escape(size)}" if size else "i"
    return Markup(  # noqa: S704  # its parts are escaped
        f'<svg class="{look}" viewBox="0 0 16 16" aria-hidden="true"><use href="#i-{escape(name)}"></use></svg>'
    )


@lru_cache(maxsize=DRAWN, typed=True)
def state(name: str, text: str, form: str = "", id: str = "") -> Markup:  # noqa: A002  # as in HTML
    """A state with its word and shape. `form`: `tag` for the one verdict that is news, "" for a second one in
    the row, `fine` for what is well, `line` for a doubt."""
    look = LOOKS.get(name, name)
    shape = icon("run", "spin") if name in TURNING else icon(look)
    named = f' id="{escape(id)}"' if id else ""
    kind = f"st {escape(form)}" if form else "st"
    return Markup(  # noqa: S704  # its parts are escaped
        f'<span class="{kind}" data-s="{escape(look)}" data-state="{escape(name)}"{named}>{shape}{escape(text)}</span>'
    )


def when(at: datetime, now: datetime) -> Markup:
    """How long ago; the exact time is in the title. hermes.js keeps it true."""
    return Markup(  # noqa: S704  # nothing in it was typed
        f'<time datetime="{at.isoformat()}" title="{stamp(at)}" data-ago>{ago(at, now)}</time>'
    )
