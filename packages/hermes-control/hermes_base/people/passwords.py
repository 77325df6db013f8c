"""Passwords: argon2id with the library's defaults, beside the event loop, two at a time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hermes_base.people.rules import LONGEST_PASSWORD, password_fault
from hermes_base.problems import Problem

hasher = PasswordHasher()
_threads = ThreadPoolExecutor(2, "argon2")  # each takes 64 MiB for some 50 ms


async def hashed(password: str, email: str) -> str:
    """The hash of a new password. Raises `password_refused` with the reason."""
    if fault := password_fault(password, email):
        hint = "A sentence of four or five words is easy to remember."
        raise Problem("password_refused", fault, hint, field="password")
    return await asyncio.get_running_loop().run_in_executor(_threads, hasher.hash, password)


async def is_right(stored: str | None, password: str) -> bool:
    """Whether the password fits. Without a stored hash it takes as long, and is wrong."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, _fits, stored, password[:LONGEST_PASSWORD])


def _fits(stored: str | None, password: str) -> bool:
    nobodys = _nobodys()
    try:
        return hasher.verify(stored or nobodys, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """A hash that stands for unknown users."""
    return hasher.hash("the password of nobody")
