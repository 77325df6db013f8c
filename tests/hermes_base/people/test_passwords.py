"""Passwords are hashed at a cost that makes guessing slow."""

import pytest
from argon2 import Type

from hermes_base.people import passwords

REAL = passwords.hasher  # before the fixture that spares all other tests its cost


async def test_a_password_costs_what_rfc_9106_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hasher", REAL)
    stored = await passwords.hashed("correct horse battery staple", "ann@example.com")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert REAL.type is Type.ID
    assert await passwords.is_right(stored, "correct horse battery staple")
    assert not await passwords.is_right(stored, "correct horse battery stapler")
    assert not await passwords.is_right(None, "correct horse battery staple")
