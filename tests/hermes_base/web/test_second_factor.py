"""The second factor: password first, then a code of the app, once; a stolen session neither adds nor removes it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest

from hermes_base.people import totp
from hermes_base.people.views import UserView
from tests.support.served import PASSWORD, Served

PAGE = "/settings/account/second-factor"
PENDING = re.compile(r'name="pending" value="([^"]+)"')


@dataclass
class Phone:
    """A user with an authenticator app, and the recovery codes that were shown."""

    served: Served
    user: UserView
    secret: bytes
    codes: list[str] = field(default_factory=list[str])

    def code(self) -> str:
        return totp.code_at(self.secret, int(self.served.room.clock().timestamp()) // 30)

    async def enter_password(self, http: aiohttp.ClientSession, password: str = PASSWORD) -> str:
        """The page after the password."""
        form = {"email": self.user.email or "", "password": password, "back": "/settings/account"}
        async with http.post("/sign-in", data=form) as answer:
            assert "Set-Cookie" not in answer.headers, "a session before the code"
            return await answer.text()

    async def sign_in(self, http: aiohttp.ClientSession, code: str, page: str = "") -> int:
        """The status after password and code: 303 is in."""
        page = page or await self.enter_password(http)
        found = PENDING.search(page)
        assert found
        form = {"pending": found[1], "code": code, "back": "/settings/account"}
        async with http.post("/second-factor", data=form, allow_redirects=False) as answer:
            return answer.status


@pytest.fixture
async def phone(served: Served) -> AsyncIterator[Phone]:
    user = await served.user()
    async with served.browsing(user) as person:
        async with person.post(PAGE, data={"factor-password": PASSWORD}) as answer:
            page = await answer.text()
        found = re.search(r'<pre id="factor-key">([A-Z2-7 ]+)</pre>', page)
        assert found, page[-2000:]
        phone = Phone(served, user, _bytes(found[1]))
        async with person.post(f"{PAGE}/confirm", data={"code": phone.code()}) as answer:
            page = await answer.text()
        shown = re.search(r'<pre id="recovery-codes">([^<]+)</pre>', page)
        assert shown
        phone.codes = shown[1].split()
        yield phone


@pytest.fixture
async def http(served: Served) -> AsyncIterator[aiohttp.ClientSession]:
    """Another browser."""
    headers = {"Origin": served.url, "Sec-Fetch-Site": "same-origin"}
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(served.url, headers=headers, cookie_jar=jar) as found:
        yield found


def _bytes(readable: str) -> bytes:
    import base64

    return base64.b32decode(readable.replace(" ", ""))


async def test_the_password_alone_opens_nothing_and_a_code_counts_once(
    phone: Phone, http: aiohttp.ClientSession
) -> None:
    phone.served.room.clock.forward(30)
    code = phone.code()
    assert await phone.sign_in(http, "000000") == 422
    assert await phone.sign_in(http, code) == 303
    async with http.get("/settings/account", allow_redirects=False) as answer:
        assert answer.status == 200
    assert await phone.sign_in(http, code) == 422, "used before"


async def test_a_wrong_password_is_not_told_apart_by_a_second_factor(
    phone: Phone, http: aiohttp.ClientSession
) -> None:
    assert "Enter a code" not in await phone.enter_password(http, "wrong password of ann")


async def test_a_recovery_code_lets_in_once_without_the_phone(
    phone: Phone, http: aiohttp.ClientSession
) -> None:
    assert len(phone.codes) == 10
    assert [await phone.sign_in(http, phone.codes[0].upper()) for _ in range(2)] == [303, 422]
    async with http.get("/settings/account") as answer:
        assert "9 recovery codes left" in await answer.text()


async def test_codes_are_guessed_at_the_limit_of_passwords(
    phone: Phone, http: aiohttp.ClientSession
) -> None:
    statuses = [
        await phone.sign_in(http, "000000", await phone.enter_password(http)) for _ in range(2)
    ]
    page = await phone.enter_password(http)
    statuses += [await phone.sign_in(http, f"{n:06}", page) for n in range(4)]
    assert statuses[-1] == 429


async def test_the_time_for_the_code_ends_and_a_new_password_ends_it_too(
    phone: Phone, http: aiohttp.ClientSession
) -> None:
    pages = [await phone.enter_password(http) for _ in range(2)]
    phone.served.room.clock.forward(301)
    assert await phone.sign_in(http, phone.code(), pages[0]) == 410
    page = await phone.enter_password(http)
    await phone.served.people.users.set_password(phone.user.id, "another long passphrase", "tests")
    assert await phone.sign_in(http, phone.code(), page) == 410
    forged = page.replace('value="' + PENDING.search(page)[1], 'value="x.y.z')  # type: ignore[index]
    assert await phone.sign_in(http, phone.code(), forged) == 410


async def test_a_password_link_does_not_pass_by_the_second_factor(
    phone: Phone, http: aiohttp.ClientSession
) -> None:
    phone.served.room.clock.forward(30)
    token = await phone.served.people.sign_in.password_link(phone.user.id, "tests")
    form = {"password": "another long passphrase", "again": "another long passphrase"}
    async with http.post(f"/sign-in/{token}", data=form) as answer:
        assert "Set-Cookie" not in answer.headers
        page = await answer.text()
    assert await phone.sign_in(http, phone.code(), page) == 303


async def test_a_stolen_session_neither_adds_nor_removes_it(phone: Phone, served: Served) -> None:
    assert await served.people.second_factors.left(phone.user.id) == 10
    other = await served.user("bob@example.com")
    async with served.browsing(other) as person:
        async with person.post(PAGE, data={"factor-password": "guessed"}) as answer:
            assert (answer.status, "not your current password" in await answer.text()) == (
                422,
                True,
            )
        async with person.post(
            f"{PAGE}/confirm", data={"code": "000000"}, allow_redirects=False
        ) as answer:
            assert answer.status == 303, "there is nothing to confirm"
    assert await served.people.second_factors.left(other.id) is None


async def test_it_is_removed_with_the_password_and_by_an_admin_and_is_in_the_audit(
    phone: Phone, served: Served, http: aiohttp.ClientSession
) -> None:
    admin = await served.user("bob@example.com")
    async with served.browsing(admin) as person:
        async with person.get("/settings/users") as answer:
            assert "Remove second factor" in await answer.text()
        async with person.post(f"/settings/users/{phone.user.id}/second-factor/remove") as answer:
            assert answer.status == 200
    async with served.browsing(phone.user):  # with the password alone
        pass
    actions = await served.room.hermes.pool.fetch(
        "select actor, action from audit_events order by id"
    )
    told = [tuple(row) for row in actions if "factor" in row["action"]]
    assert told == [("ann@example.com", "second_factor_added"), ("bob@example.com", "second_factor_removed")]  # fmt: skip
