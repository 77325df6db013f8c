"""Passwords are hashed at a cost that makes guessing slow."""

from argon2 import Type

from hermes_base.people import passwords


async def test_a_password_costs_what_rfc_9106_recommends() -> None:
    stored = await passwords.hashed("correct horse battery staple", "ann@example.com")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.hasher.type is Type.ID
    assert await passwords.is_right(stored, "correct horse battery staple")
    assert not await passwords.is_right(stored, "correct horse battery stapler")
    assert not await passwords.is_right(None, "correct horse battery staple")
