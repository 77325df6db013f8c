"""Approved changes as pull requests on real repositories, on both hosts, and the way back."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from hermes_sandbox.providers.git_hosts.repositories import BRANCH, SITE, SMOKE
from tests.hermes_fleet.site_executor.support import Office, opened
from tests.hermes_fleet.site_executor.websites import change

TITLE = change("/", "title", "Dentists at Maple Quay", "Juniper Dental", id="t1")
ALT = change("/about", "alt", "Our team", None, target="/team.svg", id="a1")
STALE = change("/", "title", "Other", "What it said last year", id="s1")


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Office]:
    async with opened(tmp_path, monkeypatch) as found:
        yield found


@pytest.mark.parametrize("host", ["github", "gitlab"])
async def test_approved_changes_become_one_request_that_holds_nothing_else(
    office: Office, host: str
) -> None:
    office.host, office.changes = host, [TITLE, ALT]
    main = office.repositories.head(SITE)
    result = await office.run()
    assert result["missing"] == {}
    outputs = result["outputs"]
    (request,) = office.repositories.requests[SITE]
    assert outputs["pr_created"].startswith(f"https://{host}.com/{SITE}/")
    assert [
        (each["id"], each["file"], each["after"]) for each in outputs["changes_applied"]["items"]
    ] == [
        ("t1", "index.html", "Dentists at Maple Quay"),
        ("a1", "about.html", "Our team"),
    ]
    assert {each["approved_by"] for each in outputs["changes_applied"]["items"]} == {
        "ann@example.com"
    }
    assert outputs["rollback_available"] is True
    assert set(result["provenance"].values()) == {"sample"}
    assert office.repositories.changed(SITE, request.branch) == ["about.html", "index.html"]
    assert office.repositories.head(SITE) == main, "the site itself is not touched"
    assert request.title == "2 approved changes on 2 pages"
    assert "approved by ann@example.com on 2026-11-20" in request.body
    diff = result["artifacts"]["diff"]
    assert [
        line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ] == [
        '-<body><p><img src="/team.svg"> <a href="/">Home</a></p></body>',
        '+<body><p><img src="/team.svg" alt="Our team"> <a href="/">Home</a></p></body>',
        "-  <title>Juniper Dental</title>",
        "+  <title>Dentists at Maple Quay</title>",
    ]


async def test_a_change_is_proposed_once_whatever_becomes_of_its_request(office: Office) -> None:
    office.changes = [TITLE]
    await office.run()
    again = await office.run()
    assert len(office.repositories.requests[SITE]) == 1
    assert again["outputs"]["changes_applied"]["count"] == 0
    assert "No approved change is waiting" in again["missing"]["pr_created"]["message"]
    office.changes = [TITLE, ALT]
    third = await office.run()
    assert [each["id"] for each in third["outputs"]["changes_applied"]["items"]] == ["a1"]


@pytest.mark.parametrize("host", ["github", "gitlab"])
async def test_an_open_request_is_closed_and_its_branch_taken_away(
    office: Office, host: str
) -> None:
    office.host, office.changes = host, [TITLE]
    await office.run()
    office.changes = [TITLE.model_copy(update={"roll_back": True})]
    result = await office.run()
    (request,) = office.repositories.requests[SITE]
    assert (request.state, office.repositories.head(SITE, request.branch)) == ("closed", "")
    assert result["outputs"]["changes_applied"]["items"][0]["how"] == "closed"
    assert (await office.run())["outputs"]["changes_applied"]["count"] == 0, "once is enough"


@pytest.mark.parametrize("host", ["github", "gitlab"])
async def test_a_merged_request_is_undone_to_the_byte_beside_later_work(
    office: Office, host: str
) -> None:
    office.host, office.changes = host, [TITLE, ALT]
    repositories = office.repositories
    before = {name: repositories.read(SITE, name) for name in ("index.html", "about.html")}
    await office.run()
    repositories.merge(SITE, 1)
    assert repositories.read(SITE, "index.html") != before["index.html"]
    repositories.commit(SITE, {"news.html": b"<title>News</title>"})
    office.changes = [ALT.model_copy(update={"roll_back": True}), TITLE]
    result = await office.run()
    assert result["outputs"]["changes_applied"]["items"][0]["how"] == "undone"
    repositories.merge(SITE, 2)
    assert {name: repositories.read(SITE, name) for name in before} == before
    assert repositories.read(SITE, "news.html") == b"<title>News</title>"


async def test_what_was_changed_again_is_not_undone_but_said(office: Office) -> None:
    office.changes = [TITLE]
    await office.run()
    office.repositories.merge(SITE, 1)
    office.repositories.commit(SITE, {"index.html": b"<title>Rewritten</title>"})
    office.changes = [TITLE.model_copy(update={"roll_back": True})]
    result = await office.run()
    assert result["outputs"] == {}
    assert result["missing"]["rollback_available"]["reason"] == "contradicted"
    assert "index.html was changed again" in result["missing"]["rollback_available"]["message"]
    assert len(office.repositories.requests[SITE]) == 1


async def test_what_does_not_fit_is_left_out_with_why_and_the_rest_is_proposed(
    office: Office,
) -> None:
    office.changes = [STALE, ALT]
    applied = (await office.run())["outputs"]["changes_applied"]
    assert (applied["count"], applied["complete"]) == (1, False)
    assert applied["left"][0]["id"] == "s1"
    assert "changed since the approval" in applied["left"][0]["why"]


async def test_nothing_is_proposed_when_nothing_fits(office: Office) -> None:
    office.changes = [STALE]
    result = await office.run()
    assert result["outputs"]["changes_applied"]["count"] == 0
    assert result["missing"]["pr_created"]["reason"] == "contradicted"
    assert office.repositories.requests[SITE] == []


async def test_a_change_that_breaks_the_site_is_never_proposed(office: Office) -> None:
    office.changes = [
        change("/", "link", "/abuot.html", "/about.html", target="/about.html", id="l1")
    ]
    result = await office.run()
    assert result["missing"]["pr_created"]["reason"] == "contradicted"
    assert "no longer reached, for example /about" in result["missing"]["pr_created"]["message"]
    assert office.repositories.requests[SITE] == []
    assert office.repositories.head(SITE) == office.repositories.head(SITE, BRANCH)


@pytest.mark.parametrize("host", ["github", "gitlab"])
async def test_a_smoke_test_proposes_to_its_own_repository_and_closes_it(
    office: Office, host: str
) -> None:
    office.host, office.changes = host, [TITLE]
    main = office.repositories.head(SMOKE)
    result = await office.run("smoke")
    (request,) = office.repositories.requests[SMOKE]
    assert result["missing"] == {}
    assert result["outputs"]["changes_applied"]["items"][0]["file"] == "index.html"
    assert (request.state, office.repositories.head(SMOKE, request.branch)) == ("closed", "")
    assert office.repositories.head(SMOKE) == main
    assert office.repositories.requests[SITE] == [], (
        "the site's repository is never touched by a test"
    )


FAULTS = {
    "github": {
        "forbidden": "forbidden_403", "archived": "forbidden_403", "rate_limited": "rate_limited",
        "not_found": "wrong_endpoint_404", "server_error": "server_error_5xx", "html": "html_app_shell",
        "broken_json": "not_json", "redirect": "worker_failed", "gateway": "server_error_5xx",
    },
    "gitlab": {
        "forbidden": "forbidden_403", "rate_limited": "rate_limited", "not_found": "wrong_endpoint_404",
        "server_error": "server_error_5xx",
    },
}  # fmt: skip


@pytest.mark.parametrize("host", FAULTS)
async def test_every_fault_of_a_host_is_the_reason_of_all_outputs(
    office: Office, host: str
) -> None:
    office.host, office.changes = host, [TITLE]
    for fault, reason in FAULTS[host].items():
        office.stand_ins.faults.switch(host, fault)
        result = await office.run()
        assert (fault, {gap["reason"] for gap in result["missing"].values()}) == (fault, {reason})
        assert result["outputs"] == {}
    assert office.repositories.requests[SITE] == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "repository is not set"),
        ({"repository": "https://git.example/a/b"}, "No secret is for 'git.example'"),
        ({"repository": "https://github.com/other/site"}, "no such repository"),
    ],
)
async def test_a_wrong_repository_says_what_to_set(
    office: Office, settings: dict[str, str], words: str
) -> None:
    office.changes = [TITLE]
    result = await office.run(settings=settings)
    assert words in result["missing"]["pr_created"]["message"]


async def test_a_site_without_a_token_gets_no_sample(office: Office) -> None:
    office.changes = [TITLE]
    result = await office.run(site="https://www.example.com")
    assert {gap["reason"] for gap in result["missing"].values()} == {"missing_config"}
