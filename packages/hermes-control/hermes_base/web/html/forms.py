"""Reading urlencoded forms, and where to go after one."""

import re
from urllib.parse import parse_qs

from fastapi import Request

from hermes_base.problems import Problem

MAX_FORM = 64 * 1024
OWN_PAGE = re.compile(
    r"/(?:(?:sites|jobs|runs|staff|settings|alerts)(?:/[\w-]+)+)?(?:\?[\w=&%.+~-]*)?"
)


async def read_form(request: Request) -> dict[str, str]:
    """First value of each field, trimmed; at most 64 KiB. Raises `body_too_large`, `invalid_form`."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            raise Problem("body_too_large", "The form is too large.", "Send less than 64 KiB.")
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=50, errors="strict")
    except ValueError as error:
        raise Problem(
            "invalid_form", "The form could not be read.", "Use the form on the page."
        ) from error
    return {name: values[0].strip() for name, values in fields.items()}


def way_back(form: dict[str, str], otherwise: str) -> str:
    """The page the form names in `back`, if it is one of ours."""
    back = form.get("back", "")
    return back if OWN_PAGE.fullmatch(back) else otherwise
