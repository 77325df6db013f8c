"""Signing in and out, sessions, links, users and tokens: over real HTTP, on a held clock."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Literal

import aiohttp
import pytest
from aiohttp import ClientSession
from argon2 import Parameters, PasswordHasher, Type, extract_parameters
from playwright.async_api import expect
from selectolax.lexbor import LexborHTMLParser

import hermes_browser
from hermes_base.people import Caller, People, known_browsers, passwords
from hermes_base.people.roles import Person
from hermes_base.people.rules import IDLE, LONGEST, digest
from hermes_base.people.views import UserView
from hermes_base.problems import Problem
from hermes_base.web import live
from hermes_base.web.access import LOOPBACK, AccessSettings
from tests.support.room import Room
from tests.support.served import CSRF, PASSWORD, TOKEN, Served, serve_web
from tests.support.waiting import patience

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
NEW = "another long enough password"
HERE = Caller("192.0.2.7", "Firefox")


@asynccontextmanager
async def browser_of(served: Served, **headers: str) -> AsyncGenerator[ClientSession]:
    """A client with a cookie jar that does not follow redirects by itself."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with ClientSession(served.url, cookie_jar=jar, headers=OWN_PAGE | headers) as http:
        yield http


async def sign_in(
    http: ClientSession, email: str, password: str = PASSWORD, back: str = "/settings/account"
) -> tuple[int, Any, str]:
    form = {"email": email, "password": password, "back": back}
    async with http.post("/sign-in", data=form, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.text()


async def get(http: ClientSession, path: str, **headers: str) -> tuple[int, Any, str]:
    async with http.get(path, allow_redirects=False, headers=headers) as answer:
        return answer.status, answer.headers, await answer.text()


async def post(http: ClientSession, path: str, **form: str) -> tuple[int, Any, str]:
    async with http.post(path, data=form, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.text()


async def is_in(http: ClientSession) -> bool:
    status, _, _ = await get(http, "/settings/account")
    assert status in (200, 303)
    return status == 200


async def told(served: Served, action: str) -> list[Any]:
    """The audit events of one kind: (actor, subject, detail)."""
    rows = await served.room.hermes.pool.fetch(
        "select actor, subject, detail from audit_events where action = $1 order by id", action
    )
    return [tuple(row) for row in rows]


# The door -----------------------------------------------------------------------------------------


async def test_a_page_without_a_session_leads_to_the_sign_in_and_back(served: Served) -> None:
    user = await served.user()
    wanted = "/settings/tokens?a=1&b=2"
    async with browser_of(served) as http:
        status, headers, _ = await get(http, wanted)
        assert (status, headers["Location"]) == (
            303,
            "/sign-in?back=/settings/tokens%3Fa%3D1%26b%3D2",
        )
        _, _, html = await get(http, headers["Location"])
        (back,) = LexborHTMLParser(html).css("input[name=back]")
        assert back.attributes["value"] == wanted
        status, headers, _ = await sign_in(http, user.email or "", back=wanted)
        assert (status, headers["Location"]) == (303, wanted)
        assert (await get(http, "/sign-in"))[0] == 303, "who is in needs no door"


async def test_a_fragment_without_a_session_sends_the_page_to_the_sign_in(served: Served) -> None:
    async with browser_of(served) as http:
        current = f"{served.url}/jobs/1?x=y"
        status, headers, body = await get(
            http, "/", **{"HX-Request": "true", "HX-Current-URL": current}
        )
    assert (status, headers["HX-Redirect"], body) == (401, "/sign-in?back=/jobs/1%3Fx%3Dy", "")


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/\\x", ""])
async def test_a_sign_in_never_leads_to_another_site(served: Served, back: str) -> None:
    user = await served.user()
    async with browser_of(served) as http:
        _, headers, _ = await sign_in(http, user.email or "", back=back)
        assert headers["Location"] == "/"


async def test_the_cookie_is_for_this_host_and_no_script_and_the_database_holds_a_hash(
    served: Served,
) -> None:
    user = await served.user()
    async with browser_of(served) as http:
        _, headers, _ = await sign_in(http, user.email or "")
        (cookie,) = [each for each in http.cookie_jar if each.key.startswith("hermes_session")]
    said = str(headers["Set-Cookie"])
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(said.split("; "))
    assert "Secure" not in said, "there is no TLS here"
    assert len(cookie.value) >= 43, "256 bits"
    rows = await served.room.hermes.pool.fetch("select * from sessions")
    assert [row["token_hash"] for row in rows] == [digest(cookie.value)]
    assert cookie.value not in str(rows)
    assert await told(served, "signed_in") == [
        ("ann@example.com", "ann@example.com", {"address": "127.0.0.1", "way": "password"})
    ]


@pytest.mark.parametrize(
    ("address", "port", "name"),
    [
        ("", 8400, "hermes_session_8400"),
        ("http://127.0.0.1:8500", 8400, "hermes_session_8500"),
        ("https://hermes.example", 8400, "__Host-hermes_session"),
        ("https://hermes.example:8443", 8400, "__Host-hermes_session_8443"),
    ],
)
async def test_two_hermes_on_one_host_have_cookies_of_their_own(
    address: str, port: int, name: str
) -> None:
    assert AccessSettings({}, LOOPBACK, address, port=port).cookie == name


async def test_behind_tls_the_cookie_is_secure_and_bound_to_the_host(room: Room) -> None:
    access = AccessSettings({}, LOOPBACK, "https://hermes.example")
    async with serve_web(room, access) as served, browser_of(served) as http:
        user = await served.user()
        _, headers, _ = await sign_in(http, user.email or "")
    said = str(headers["Set-Cookie"])
    assert said.startswith("__Host-hermes_session=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(said.split("; "))
    assert "Domain" not in said
    assert "max-age" in headers["Strict-Transport-Security"]


async def test_wrong_password_unknown_disabled_and_passwordless_get_the_same_answer(
    served: Served,
) -> None:
    await served.user()
    gone = await served.user("gone@example.com", "viewer")
    await served.people.users.disable(gone.id, "tests")
    await served.people.users.add("new@example.com", "", "viewer", "tests")
    answers: set[tuple[int, str]] = set()
    tries = (("ann", "wrong password"), ("who", PASSWORD), ("gone", PASSWORD), ("new", PASSWORD))
    async with browser_of(served) as http:
        for name, password in tries:
            status, headers, html = await sign_in(http, f"{name}@example.com", password)
            answers.add((status, html.replace(f"{name}@example.com", "x")))
            assert "Set-Cookie" not in headers
    assert len({(status, html.split("<main")[1]) for status, html in answers}) == 1
    assert {status for status, _ in answers} == {401}
    assert "The email or password is incorrect." in answers.pop()[1]
    subjects = [subject for _, subject, _ in await told(served, "sign_in_failed")]
    assert subjects == ["ann@example.com", "unknown user", "gone@example.com", "new@example.com"]


class CountingHasher(PasswordHasher):
    """The library's own work, with a note of what each look at a password cost."""

    def __init__(self) -> None:
        super().__init__(time_cost=2, memory_cost=16, parallelism=1)
        self.computed: list[Parameters] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - theirs
        self.computed.append(extract_parameters(str(hash)))
        return super().verify(hash, password)


async def test_an_unknown_user_takes_as_long_as_a_wrong_password(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time of a try is that of one hash; it is counted, since a quick one is lost in the request."""
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "hasher", counting)
    passwords._nobodys.cache_clear()  # the hash of nobody is made once, at the cost of that time
    await served.user()
    gone = await served.user("gone@example.com", "viewer")
    await served.people.users.disable(gone.id, "tests")
    await served.people.users.add("new@example.com", "", "viewer", "tests")
    cost = Parameters(
        type=Type.ID, version=19, salt_len=16, hash_len=32, time_cost=2, memory_cost=16,
        parallelism=1,
    )  # fmt: skip
    try:
        async with browser_of(served) as http:
            for name in ("ann", "who", "gone", "new", "no address"):
                counting.computed.clear()
                status, _, _ = await sign_in(http, f"{name}@example.com", "wrong password")
                assert (name, status, counting.computed) == (name, 401, [cost])
    finally:
        passwords._nobodys.cache_clear()


async def test_another_sites_form_cannot_sign_somebody_in(served: Served) -> None:
    user = await served.user()
    async with browser_of(served, **{"Sec-Fetch-Site": "cross-site"}) as http:
        status, headers, _ = await sign_in(http, user.email or "")
    assert status == 403
    assert "Set-Cookie" not in headers


# Failed tries -------------------------------------------------------------------------------------


async def test_after_five_failed_tries_even_the_right_password_waits_over_a_restart(
    served: Served,
) -> None:
    user = await served.user()
    email = user.email or ""
    async with browser_of(served) as http:
        for _ in range(5):
            assert (await sign_in(http, email, "wrong password"))[0] == 401
        served.room.clock.forward(60)
        status, headers, html = await sign_in(http, email)
        assert (status, headers["Retry-After"]) == (429, "840")
        assert "Try again in 14 minutes." in html
    async with serve_web(served.room) as another, browser_of(another) as http:
        assert (await sign_in(http, email))[0] == 429, "the count is in the database"
        served.room.clock.forward(841)
        assert (await sign_in(http, email))[0] == 303


async def test_many_tries_at_once_are_counted_too(served: Served) -> None:
    user = await served.user()
    async with browser_of(served) as http:
        tries = [sign_in(http, user.email or "", f"wrong password {n}") for n in range(12)]
        statuses = sorted(status for status, _, _ in await asyncio.gather(*tries))
    assert statuses.count(401) <= 5
    assert set(statuses) <= {401, 429}


async def test_a_success_forgets_the_failed_tries_before_it(served: Served) -> None:
    user = await served.user()
    async with browser_of(served) as http:
        for _ in range(2):
            for _ in range(4):
                await sign_in(http, user.email or "", "wrong password")
            assert (await sign_in(http, user.email or ""))[0] == 303


async def test_a_stranger_elsewhere_does_not_lock_a_user_out(served: Served) -> None:
    user = await served.user()
    people, email = served.people, user.email or ""
    stranger, me = Caller("192.0.2.66", "curl"), Caller("192.0.2.7", "Firefox")
    codes = [await failure(people, email, stranger) for _ in range(7)]
    assert codes == ["sign_in_wrong"] * 5 + ["too_many_tries"] * 2
    assert await people.sign_in.with_password(email, PASSWORD, me)


async def test_strangers_everywhere_lock_nobody_out_of_a_browser_they_used_before(
    served: Served,
) -> None:
    """S7a: 50 wrong passwords from rotating addresses, and the right one was refused for 15 minutes."""
    user = await served.user()
    email = user.email or ""
    async with browser_of(served) as mine, browser_of(served) as fresh:
        assert (await sign_in(mine, email))[0] == 303
        for number in range(51):
            await failure(served.people, email, Caller(f"192.0.2.{number}", "curl"))
        for number in range(21):
            await failure(served.people, f"u{number}@example.com", Caller("127.0.0.1", "curl"))
        assert (await sign_in(fresh, email))[0] == 429
        assert (await sign_in(mine, email))[0] == 303
        for _ in range(5):  # a known browser is no way round the limit
            assert (await sign_in(mine, email, "wrong password"))[0] == 401
        assert (await sign_in(mine, email))[0] == 429


async def test_a_cookie_of_a_known_browser_is_of_one_user_and_cannot_be_made_up(
    served: Served,
) -> None:
    """S7: whoever has an account of their own, or writes a cookie, is still a stranger to others."""
    key, now = b"k" * 32, served.room.clock()
    cookie = known_browsers.cookie_of(key, "ann@example.com", now)
    assert known_browsers.browser_of(key, "ann@example.com", cookie, now).startswith("browser ")
    later = now + known_browsers.LASTS + timedelta(seconds=1)
    assert known_browsers.browser_of(key, "ann@example.com", cookie, later) == ""
    for email, given in (("bob@example.com", cookie), ("ann@example.com", cookie + "0"), ("ann@example.com", ""), ("ann@example.com", "a.b.c")):  # fmt: skip
        assert known_browsers.browser_of(key, email, given, now) == ""


@pytest.mark.parametrize("password", ["123456789012", "passwordpassword", "qwertyuiop12", "P@ssw0rd2026!", "1qaz2wsx3edc", "Summer2026!!!", "letmeinletmein1"])  # fmt: skip
async def test_a_password_that_is_tried_first_is_refused(served: Served, password: str) -> None:
    """S15: none of the lists of known passwords was asked (ASVS 2.1.7)."""
    user = await served.user()
    with pytest.raises(Problem, match="easy to guess"):
        await served.people.users.set_password(user.id, password, "tests")
    await served.people.users.set_password(user.id, f"{password} lamp of olive", "tests")


async def test_a_link_made_on_the_machine_is_in_the_audit(served: Served) -> None:
    """S15: a way in as admin was made without a trace."""
    await served.link()
    assert len(await told(served, "local_link_made")) == 1


async def test_an_address_that_tries_many_users_has_to_wait(served: Served) -> None:
    codes = [await failure(served.people, f"u{n}@example.com", HERE) for n in range(22)]
    assert codes == ["sign_in_wrong"] * 20 + ["too_many_tries"] * 2


async def failure(people: People, email: str, caller: Caller) -> str:
    with pytest.raises(Problem) as raised:
        await people.sign_in.with_password(email, "wrong password", caller)
    return raised.value.code


# Links --------------------------------------------------------------------------------------------


async def test_a_printed_link_lets_in_once_and_leads_to_its_page(served: Served) -> None:
    path = await served.link("/settings/tokens")
    async with browser_of(served) as http:
        status, headers, _ = await get(http, path)
        assert (status, headers["Location"]) == (303, "/settings/tokens")
        assert await is_in(http)
        status, headers, _ = await get(http, path)
        assert (status, headers["Location"]) == (303, "/"), "who is in already just goes on"
    async with browser_of(served) as somebody:
        status, _, html = await get(somebody, path, Accept="text/html")
        assert (status, "This link has expired or was already used." in html) == (410, True)
        assert "hermes users link" in html
        assert not await is_in(somebody)
    assert [actor for actor, _, _ in await told(served, "signed_in")] == ["local operator"]
    assert path.split("/")[-1] not in str(
        await served.room.hermes.pool.fetch("select * from sign_in_links")
    )


async def test_a_printed_link_is_too_old_after_15_minutes(served: Served) -> None:
    path = await served.link()
    served.room.clock.forward(15 * 60)
    async with browser_of(served) as http:
        assert (await get(http, path))[0] == 410


async def test_the_sign_in_page_of_a_new_hermes_says_how_to_get_in(served: Served) -> None:
    async with browser_of(served) as http:
        _, _, html = await get(http, "/sign-in")
        tree = LexborHTMLParser(html)
        assert tree.css("#command")[0].text() == "hermes users link"
        assert not tree.css("input[type=password]")
        await served.user()
        _, _, html = await get(http, "/sign-in")
        assert LexborHTMLParser(html).css("input[type=password]")


async def test_a_password_link_is_not_used_up_by_looking_at_it(served: Served) -> None:
    user = await served.people.users.add("bob@example.com", "Bob", "viewer", "tests")
    path = f"/sign-in/{await served.people.sign_in.password_link(user.id, 'tests')}"
    async with browser_of(served) as http:
        for _ in range(2):
            status, _, html = await get(http, path)
            assert (status, "Choose a password" in html) == (200, True)
        status, _, html = await post(http, path, password="short", again="short")
        assert (status, "at least 12 characters" in html) == (422, True)
        status, _, html = await post(http, path, password=NEW, again=NEW + "x")
        assert (status, "The two passwords differ." in html) == (422, True)
        assert (await post(http, path, password=NEW, again=NEW))[0] == 303
        assert await is_in(http)
        assert (await post(http, path, password=NEW, again=NEW))[0] == 410
        assert (await sign_in(http, "bob@example.com", NEW))[0] == 303


async def test_a_new_password_link_ends_the_older_one_and_a_new_password_the_sessions(
    served: Served,
) -> None:
    user = await served.user()
    async with browser_of(served) as http, browser_of(served) as other:
        await sign_in(other, user.email or "")
        old = await served.people.sign_in.password_link(user.id, "tests")
        new = await served.people.sign_in.password_link(user.id, "tests")
        assert (await get(http, f"/sign-in/{old}"))[0] == 410
        assert await is_in(other)
        assert (await post(http, f"/sign-in/{new}", password=NEW, again=NEW))[0] == 303
        assert not await is_in(other)


async def test_the_links_of_a_disabled_user_end_and_do_not_live_again(served: Served) -> None:
    user = await served.user()
    await served.user("second@example.com")  # the last admin could not be disabled
    link = f"/sign-in/{await served.people.sign_in.password_link(user.id, 'tests')}"
    async with browser_of(served) as http:
        assert (await get(http, link))[0] == 200
        await served.people.users.disable(user.id, "tests")
        assert (await get(http, link))[0] == 410
        await served.people.users.enable(user.id, "tests")
        assert (await get(http, link))[0] == 410
        assert (await post(http, link, password=NEW, again=NEW))[0] == 410
        assert (await sign_in(http, user.email or ""))[0] == 303, "with the password of before"


# Sessions -----------------------------------------------------------------------------------------


async def test_a_session_ends_after_12_idle_hours_and_after_7_days_whatever_happens(
    served: Served,
) -> None:
    user, clock = await served.user(), served.room.clock
    async with browser_of(served) as http:
        await sign_in(http, user.email or "")
        clock.forward(IDLE.total_seconds() - 1)
        assert await is_in(http), "and now it was used"
        clock.forward(IDLE.total_seconds())
        assert not await is_in(http)
        await sign_in(http, user.email or "")
        for _ in range(int(LONGEST / IDLE) * 2 - 1):
            clock.forward(IDLE.total_seconds() / 2)
            assert await is_in(http)
        clock.forward(IDLE.total_seconds() / 2)
        assert not await is_in(http)
        await sign_in(http, user.email or "")
    assert await served.room.hermes.pool.fetchval("select count(*) from sessions") == 1


async def test_a_new_sign_in_changes_the_token_and_ends_the_session_before(served: Served) -> None:
    user = await served.user()
    async with browser_of(served) as http:
        await sign_in(http, user.email or "")
        (first,) = sessions_in(http)
        await sign_in(http, user.email or "")
        (second,) = sessions_in(http)
    assert first != second
    assert await served.people.sessions.find(first) is None
    assert await served.people.sessions.find(second) is not None


def sessions_in(http: ClientSession) -> list[str]:
    """The session cookies a browser holds; others (the site in view) open nothing."""
    return [cookie.value for cookie in http.cookie_jar if cookie.key.startswith("hermes_session")]


async def test_sign_out_ends_the_session_for_good(served: Served) -> None:
    user = await served.user()
    async with served.browsing(user) as http:
        (cookie,) = sessions_in(http)
        status, headers, _ = await post(http, "/sign-out")
        assert (status, headers["Location"]) == (303, "/sign-in")
        assert not sessions_in(http)
    assert await served.people.sessions.find(cookie) is None
    assert await told(served, "signed_out") == [("ann@example.com", "ann@example.com", {})]


async def test_one_sees_and_ends_ones_own_sessions_and_no_others(served: Served) -> None:
    ann, bob = await served.user(), await served.user("bob@example.com", "admin")
    async with served.browsing(ann) as here, served.browsing(ann) as there, served.browsing(bob):
        (of_bob,) = await served.people.sessions.of(bob.id)
        _, _, html = await get(here, "/settings/account")
        tree = LexborHTMLParser(html)
        assert len(tree.css("tr[id^=session-]")) == 2
        assert str(of_bob.id) not in html
        (other,) = tree.css("input[name=session]")
        path = "/settings/account/sessions/end"
        assert (await post(here, path, session=str(of_bob.id)))[0] == 404
        assert (await post(here, path, session=other.attributes["value"] or ""))[0] == 303
        assert (await is_in(here), await is_in(there)) == (True, False)
        assert len(await served.people.sessions.of(bob.id)) == 1


async def test_a_changed_password_ends_the_other_sessions_and_needs_the_present_one(
    served: Served,
) -> None:
    ann = await served.user()
    path = "/settings/account/password"
    async with served.browsing(ann) as here, served.browsing(ann) as there:
        status, _, html = await post(here, path, current="no", password=NEW, again=NEW)
        assert (status, "This is not your current password." in html) == (422, True)
        assert await is_in(there)
        assert (await post(here, path, current=PASSWORD, password=NEW, again=NEW))[0] == 200
        assert (await is_in(here), await is_in(there)) == (True, False)
    async with browser_of(served) as http:
        assert (await sign_in(http, "ann@example.com"))[0] == 401
        assert (await sign_in(http, "ann@example.com", NEW))[0] == 303


async def test_a_stolen_session_cannot_guess_the_password_for_long(served: Served) -> None:
    ann = await served.user()
    async with served.browsing(ann) as http:
        form = {"current": "a wrong guess", "password": NEW, "again": NEW}
        statuses = [(await post(http, "/settings/account/password", **form))[0] for _ in range(6)]
    assert statuses == [422] * 5 + [429]


async def test_a_live_stream_ends_when_its_session_does(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    async with served.browsing(await served.user()) as http, http.get("/api/events") as stream:
        await stream.content.readuntil(b"event: alive")
        await post(http, "/sign-out")
        async with patience():
            await stream.content.read()


async def test_a_live_stream_does_not_keep_its_session_open(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    user = await served.user()
    async with served.browsing(user) as http, http.get("/api/events") as stream:
        await stream.content.readuntil(b"event: alive")
        served.room.clock.forward(IDLE.total_seconds() - 1)
        for _ in range(3):  # it was asked meanwhile whether the stream may go on
            await stream.content.readuntil(b"event: alive")
        assert len(await served.people.sessions.of(user.id)) == 1
        served.room.clock.forward(1)
        assert await served.people.sessions.of(user.id) == []
        assert not await is_in(http)
        await stream.content.read()  # to its end


# Forms of other pages -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/settings/users", "/api/sites"])
async def test_a_cookie_alone_changes_nothing(served: Served, path: str) -> None:
    async with served.browsing(await served.user()) as http:
        own = http.headers.pop("X-CSRF-Token")
        async with served.browsing() as another:
            others = another.headers["X-CSRF-Token"]
        form = {"email": "x@example.com", "role": "viewer"}
        for headers in ({}, {"X-CSRF-Token": others}, {"X-CSRF-Token": ""}):
            async with http.post(path, data=form, headers=headers) as answer:
                assert answer.status == 403
                assert "csrf_wrong" in await answer.text()
        elsewhere = {"X-CSRF-Token": own, "Sec-Fetch-Site": "cross-site"}
        async with http.post(path, data=form, headers=elsewhere) as answer:
            assert (answer.status, "cross_site" in await answer.text()) == (403, True)
        async with http.post(path, json={"baseUrl": "https://x.example"}) as answer:
            assert (answer.status, "csrf_wrong" in await answer.text()) == (403, True)
    assert [user.email for user in await served.people.users.all()][:1] == ["ann@example.com"]
    assert len(await served.room.hermes.sites.all()) == 1


async def test_the_token_of_the_session_is_taken_from_the_form_or_the_header(
    served: Served,
) -> None:
    async with served.browsing(await served.user()) as http:
        async with http.post("/api/sites", json={"baseUrl": "https://x.example"}) as answer:
            assert answer.status == 201
        _, _, html = await get(http, "/settings/users")
        found = CSRF.search(html)
        assert found
        tree = LexborHTMLParser(html)
        forms = tree.css("form[method=post]")
        fields = [field.attributes["value"] for field in tree.css("form input[name=csrf]")]
        assert fields == [found[1]] * len(forms)
        del http.headers["X-CSRF-Token"]
        form = {"email": "x@example.com", "role": "viewer", "csrf": found[1]}
        assert (await post(http, "/settings/users", **form))[0] == 200
    assert "x@example.com" in [user.email for user in await served.people.users.all()]


# Users --------------------------------------------------------------------------------------------


async def test_an_added_user_gets_a_link_that_is_shown_once(served: Served) -> None:
    async with served.browsing() as http:
        form = {"email": "Bob@Example.com", "name": "Bob", "role": "operator"}
        status, _, html = await post(http, "/settings/users", **form)
        assert status == 200
        (link,) = LexborHTMLParser(html).css("#link")
        assert link.text() not in (await get(http, "/settings/users"))[2]
        async with browser_of(served) as bob:
            path = link.text().removeprefix(served.url)
            await post(bob, path, password=NEW, again=NEW)
            assert await is_in(bob)
            assert (await get(bob, "/settings/users"))[0] == 403
        status, _, html = await post(http, "/settings/users", **form)
        assert (status, "A user with the email bob@example.com already exists." in html) == (
            409,
            True,
        )
        form["email"] = "bob"
        status, _, html = await post(http, "/settings/users", **form)
        assert (status, "is not an email address." in html) == (422, True)
        (typed,) = LexborHTMLParser(html).css("#email")
        assert typed.attributes["value"] == "bob"


async def test_a_disabled_user_is_out_at_once_and_a_changed_role_counts_at_once(
    served: Served,
) -> None:
    bob = await served.user("bob@example.com", "admin")
    async with served.browsing() as admin, served.browsing(bob) as http:
        path = f"/settings/users/{bob.id}"
        await served.user()  # or bob would be the last admin
        assert (await get(http, "/settings/users"))[0] == 200
        assert (await post(admin, f"{path}/role", role="viewer"))[0] == 303
        assert (await get(http, "/settings/users"))[0] == 403
        assert (await post(admin, f"{path}/disable"))[0] == 303
        assert not await is_in(http)
        assert (await sign_in(http, "bob@example.com"))[0] == 401
        assert (await post(admin, f"{path}/enable"))[0] == 303
        assert (await sign_in(http, "bob@example.com"))[0] == 303
    told_of = [subject for _, subject, _ in await told(served, "user_disabled")]
    assert told_of == ["bob@example.com"]


@pytest.mark.parametrize(("action", "form"), [("disable", {}), ("role", {"role": "viewer"})])
async def test_the_last_admin_stays(served: Served, action: str, form: dict[str, str]) -> None:
    ann = await served.user()
    await served.people.users.add("no-password@example.com", "", "admin", "tests")
    async with served.browsing(ann) as http:
        status, _, html = await post(http, f"/settings/users/{ann.id}/{action}", **form)
    assert (status, "is the last admin" in html) == (409, True)


async def test_of_two_admins_who_disable_each_other_at_once_one_stays(served: Served) -> None:
    ann, bob = await served.user(), await served.user("bob@example.com")
    users = served.people.users
    done = await asyncio.gather(
        users.disable(ann.id, "bob"), users.disable(bob.id, "ann"), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in done) == ["NoneType", "Problem"]
    assert await users.admins() == 1


# API tokens ---------------------------------------------------------------------------------------


async def status_with(served: Served, token: str, path: str = "/api/sites") -> int:
    headers = {"Authorization": f"Bearer {token}"}
    async with ClientSession(served.url, headers=headers) as http, http.get(path) as answer:
        return answer.status


async def make_token(http: ClientSession, **form: str) -> str:
    form = {"name": "ci", "role": "viewer", "site": "", "days": "30", **form}
    status, _, html = await post(http, "/settings/tokens", **form)
    assert status == 200, html
    return LexborHTMLParser(html).css("#token")[0].text()


async def test_a_token_is_shown_once_kept_as_a_hash_and_worthless_once_revoked(
    served: Served,
) -> None:
    async with served.browsing(await served.user()) as http:
        token = await make_token(http)
        assert token.startswith("hermes_")
        assert token not in (await get(http, "/settings/tokens"))[2]
        assert token not in str(await served.room.hermes.pool.fetch("select * from api_tokens"))
        assert token not in str(await served.room.hermes.pool.fetch("select * from audit_events"))
        assert await status_with(served, token) == 200
        _, _, html = await get(http, "/settings/tokens")
        (revoke,) = LexborHTMLParser(html).css("form[action$=revoke]")
        assert (await post(http, revoke.attributes["action"] or ""))[0] == 303
        assert await status_with(served, token) == 401


async def test_a_token_expires(served: Served) -> None:
    async with served.browsing(await served.user()) as http:
        token = await make_token(http, days="30")
    served.room.clock.forward(30 * 86_400 - 1)
    assert await status_with(served, token) == 200
    served.room.clock.forward(1)
    assert await status_with(served, token) == 401


async def test_last_used_is_exact_to_a_minute(served: Served) -> None:
    clock = served.room.clock
    async with served.browsing(await served.user()) as http:
        token = await make_token(http)

    async def used() -> Any:
        return await served.room.hermes.pool.fetchval("select used_at from api_tokens")

    assert await used() is None
    await status_with(served, token)
    first = clock.now
    clock.forward(59)
    await status_with(served, token)
    assert await used() == first
    clock.forward(1)
    await status_with(served, token)
    assert await used() == clock.now


async def test_a_token_has_a_printable_name_of_60_characters_and_ten_years_at_most(
    served: Served,
) -> None:
    user, tokens = await served.user(), served.people.tokens
    owner = Person(user.name, "admin", user.actor, user.id)
    assert await tokens.add(owner, "x" * 60, "viewer", None, 3660)
    for name, days, code in (
        ("x" * 61, 1, "name_wrong"), ("two\nlines", 1, "name_wrong"), (" ", 1, "name_wrong"),
        ("late", 3661, "days_wrong"), ("never", 0, "days_wrong"),
    ):  # fmt: skip
        with pytest.raises(Problem) as refused:
            await tokens.add(owner, name, "viewer", None, days)
        assert (name, refused.value.code) == (name, code)
    assert [token.name for token in await tokens.seen_by(user.id, "admin")] == ["x" * 60]


async def test_the_last_use_of_a_token_is_kept_to_the_minute(served: Served) -> None:
    user, clock = await served.user(), served.room.clock
    owner = Person(user.name, "admin", user.actor, user.id)
    token = await served.people.tokens.add(owner, "ci", "viewer", None, None)
    used: list[float] = []
    for seconds in (0, 59, 1):
        clock.forward(seconds)
        assert await served.people.tokens.person(token)
        at = await served.room.hermes.pool.fetchval("select used_at from api_tokens")
        used.append((clock.now - at).total_seconds())
    assert used == [0, 59, 0]


async def test_a_token_is_never_worth_more_than_its_owner(served: Served) -> None:
    bob = await served.user("bob@example.com", "operator")
    async with served.browsing(bob) as http:
        form = {"name": "x", "role": "admin", "site": "", "days": "30"}
        status, _, html = await post(http, "/settings/tokens", **form)
        assert (status, "Your tokens can have at most the operator role." in html) == (403, True)
        token = await make_token(http, role="operator")
    body, headers = {"baseUrl": "https://x.example"}, {"Authorization": f"Bearer {token}"}
    await served.people.users.set_role(bob.id, "viewer", "tests")
    async with ClientSession(served.url, headers=headers) as program:
        async with program.post("/api/sites", json=body) as answer:
            assert answer.status == 403
        await served.people.users.set_role(bob.id, "operator", "tests")
        async with program.post("/api/sites", json=body) as answer:
            assert answer.status == 201
    assert [actor for actor, _, _ in await told(served, "site_added")][-1] == (
        "token ci of bob@example.com"
    )
    await served.people.users.disable(bob.id, "tests")
    assert await status_with(served, token) == 401


async def test_an_admin_sees_and_revokes_everybodys_tokens_and_others_only_their_own(
    served: Served,
) -> None:
    ann, bob = await served.user(), await served.user("bob@example.com", "operator")
    async with served.browsing(ann) as admin, served.browsing(bob) as operator:
        of_ann, of_bob = await make_token(admin, name="anns"), await make_token(operator)
        names = [token.name for token in await served.people.tokens.seen_by(bob.id, "operator")]
        assert names == ["ci"]
        tokens = {t.name: t.id for t in await served.people.tokens.seen_by(ann.id, "admin")}
        assert set(tokens) == {"anns", "ci"}
        path = "/settings/tokens/{}/revoke"
        assert (await post(operator, path.format(tokens["anns"])))[0] == 404
        assert (await post(admin, path.format(tokens["ci"])))[0] == 303
        assert (await status_with(served, of_ann), await status_with(served, of_bob)) == (200, 401)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": ""}, "A token needs a name"), ({"role": "king"}, "Unknown role"), ({"days": "0"}, "A token lasts 1 to"),
        ({"days": "many"}, "This is not a valid duration."), ({"site": "x"}, "This site does not exist."),
        ({"site": "7b0d9f1e-6f5c-4a52-9a57-0f6a3f7d2c11"}, "This site does not exist."), ({"name": "taken"}, "already"),
    ],
)  # fmt: skip
async def test_a_faulty_token_form_is_told_beside_its_field_and_keeps_what_was_typed(
    served: Served, form: dict[str, str], said: str
) -> None:
    async with served.browsing(await served.user()) as http:
        await make_token(http, name="taken")
        whole = {"name": "typed", "role": "viewer", "site": "", "days": "30"} | form
        _, _, html = await post(http, "/settings/tokens", **whole)
    tree = LexborHTMLParser(html)
    (fault,) = tree.css(".field .fault")
    assert said in fault.text()
    assert tree.css(f"[aria-describedby={fault.attributes['id']}][aria-invalid=true]")
    assert tree.css("#name")[0].attributes["value"] == whole["name"]
    assert len(await served.people.tokens.seen_by((await only_user(served)).id, "admin")) == 1


async def only_user(served: Served) -> UserView:
    (user,) = await served.people.users.all()
    return user


async def test_the_fleets_token_reads_and_changes_nothing(room: Room) -> None:
    fleet = Person("fleet token", "viewer", "fleet token")
    async with serve_web(room, AccessSettings({digest(TOKEN): fleet})) as served:
        async with served.http.get("/api/sites") as answer:
            assert answer.status == 200
        async with served.http.post("/api/sites", json={"baseUrl": "https://x.example"}) as answer:
            assert answer.status == 403
        async with served.http.get("/settings/account", headers=OWN_PAGE) as answer:
            assert (answer.status, "not an API token" in await answer.text()) == (403, True)


# A real browser -----------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1440])
async def test_a_person_signs_in_makes_a_token_and_signs_out(served: Served, width: int) -> None:
    await served.user()
    async with hermes_browser.browser() as browser:
        page = await browser.new_page(viewport={"width": width, "height": 800})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        await page.goto(f"{served.url}/settings/tokens")
        await page.fill("#email", "ann@example.com")
        await page.fill("#password", PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.locator("h1")).to_have_text("API tokens")
        await page.fill("#name", "nightly")
        await page.click("#add-token")
        token = await page.inner_text("#token")
        assert await status_with(served, token) == 200
        for path in ("/settings/users", "/settings/tokens", "/settings/account"):
            await page.goto(served.url + path)
            await expect(page.locator(".tabs [aria-current=page]")).to_have_count(1)
            wide = await page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} px wide"
        if width < 980:
            await page.get_by_role("button", name="Menu").click()
        await page.click("#me")
        await page.click("#sign-out")
        await expect(page.locator("h1")).to_have_text("Sign in")
        assert faults == []


@pytest.mark.browser
async def test_an_open_page_goes_to_the_sign_in_and_back_once_its_session_is_over(
    served: Served,
) -> None:
    served.room.all_succeed()
    await served.user()
    async with hermes_browser.browser() as browser:
        page = await browser.new_page()
        path = f"/sites/{served.room.site.id}/integrations"
        await served.sign_in(page, path)
        await expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
        await served.room.hermes.pool.execute("delete from sessions")
        await page.click("#test-connections")
        await expect(page.locator("h1")).to_have_text("Sign in")
        await page.fill("#email", "ann@example.com")
        await page.fill("#password", PASSWORD)
        await page.click("#sign-in")
        await expect(page.locator("#test-connections")).to_be_visible()
        await page.click("#test-connections")
        await expect(page.locator(".job .sentence")).to_contain_text("Connection Test")
    job = (await served.room.hermes.jobs.of(served.room.site.id))[0]
    assert job.requested_by == "ann@example.com"
