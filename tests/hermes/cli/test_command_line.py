"""The command `hermes`: exit codes that scripts rely on, and errors that name the fix."""

import asyncio
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from hermes.wiring import program as cli
from hermes_base import __version__
from tests.support.catalog import outputs_of
from tests.support.served import Served


@dataclass
class Outcome:
    code: int
    out: str
    err: str


Command = Callable[..., "asyncio.Future[Outcome]"]


@pytest.fixture
def hermes(served: Served, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run the command against the served room, with a runner at work."""
    monkeypatch.setenv("HERMES_URL", served.url)
    monkeypatch.setenv("HERMES_TOKEN", served.token)
    monkeypatch.setenv("HERMES_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> "asyncio.Future[Outcome]":
        return asyncio.ensure_future(asyncio.to_thread(run_command, monkeypatch, *arguments))

    return run


def run_command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Outcome:
    monkeypatch.setattr(sys, "argv", ["hermes", *arguments])
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    return Outcome(code, out.getvalue(), err.getvalue())


async def program(*arguments: str, **variables: str) -> Outcome:
    """Run the command as a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hermes", *arguments,
        env={**os.environ, "COLUMNS": "300", **variables},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return Outcome(process.returncode or 0, out.decode(), err.decode())


async def with_runner(served: Served, command: "asyncio.Future[Outcome]") -> Outcome:
    while not command.done():
        await served.room.runner().drain()
        served.room.clock.forward(2)
        await asyncio.sleep(0.05)
    return await command


async def test_a_passed_smoke_test_exits_with_0_and_prints_the_sentence(
    served: Served, hermes: Command
) -> None:
    served.room.all_succeed()
    outcome = await with_runner(served, hermes("test", "smoke", "--wait"))
    assert outcome.code == 0, outcome
    assert "Smoke Test complete: 13 passed" in outcome.out


async def test_a_partial_smoke_test_exits_with_2_and_names_what_is_missing(
    served: Served, hermes: Command
) -> None:
    served.room.register("content_qa")
    service = served.room.catalog.service("content_qa")
    served.room.worker.script("content_qa").final = {
        "result": {"outputs": outputs_of(service, "fix_list")}
    }
    outcome = await with_runner(served, hermes("test", "smoke", "--service", "content_validator"))
    assert outcome.code == 2
    assert service.label("fix_list") in outcome.out


async def test_a_missing_output_is_explained_in_the_words_of_its_worker(
    served: Served, hermes: Command
) -> None:
    served.room.register("content_qa")
    service = served.room.catalog.service("content_qa")
    gap = {"reason": "missing_config", "message": "No library is set in [qa]."}
    served.room.worker.script("content_qa").final = {
        "result": {"outputs": outputs_of(service, "fix_list"), "missing": {"fix_list": gap}}
    }
    outcome = await with_runner(served, hermes("test", "smoke", "--service", "content_qa"))
    assert "No library is set in [qa]." in " ".join(outcome.out.split())


async def test_a_failed_smoke_test_exits_with_1_and_says_why(
    served: Served, hermes: Command
) -> None:
    served.room.register("content_qa")
    served.room.worker.script("content_qa").final = {"status": "failed", "error": "disk [full]"}
    outcome = await with_runner(served, hermes("test", "smoke"))
    assert outcome.code == 1
    assert "disk [full]" in outcome.out


async def test_json_is_one_document_with_job_and_runs(served: Served, hermes: Command) -> None:
    served.room.all_succeed()
    outcome = await with_runner(served, hermes("test", "connections", "--json"))
    document = json.loads(outcome.out)
    assert document["job"]["status"] == "done"
    assert len(document["runs"]) == 13


async def test_an_empty_selection_exits_with_5_and_gives_the_reasons(
    served: Served, hermes: Command
) -> None:
    outcome = await hermes("test", "smoke")
    assert outcome.code == 5
    assert "0 services found because" in outcome.err
    assert "HERMES_WORKER_CRAWL_RENDER" in outcome.err


async def test_a_job_that_takes_too_long_exits_with_6_and_goes_on(
    served: Served, hermes: Command
) -> None:
    served.room.all_succeed()
    outcome = await hermes("test", "smoke", "--timeout", "1")  # no runner is at work
    assert outcome.code == 6
    assert "Still running" in outcome.err


async def test_the_version_is_told_without_a_server(hermes: Command) -> None:
    ended = await hermes("--version")
    assert (ended.code, ended.out.strip()) == (0, f"Hermes {__version__}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("test", "smoke", "--service", "nonsense"), "unknown_service"),
        (("test", "smoke", "--site", "nowhere"), "unknown_site"),
        (("test", "smoke", "--timeout", "0"), "timeout"),
        (("test", "everything"), "No such command"),
        (("runs", "--type", "nonsense"), "runType"),
    ],
)
async def test_wrong_words_exit_with_4_and_name_what_is_wrong(
    hermes: Command, arguments: tuple[str, ...], words: str
) -> None:
    outcome = await hermes(*arguments)
    assert outcome.code == 4
    assert words in outcome.err


async def test_a_wrong_token_and_a_dead_server_exit_with_4(
    served: Served, hermes: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_TOKEN", "nonsense")
    assert "token_wrong" in (await hermes("services")).err
    monkeypatch.setenv("HERMES_URL", "http://127.0.0.1:9")
    outcome = await hermes("services")
    assert (outcome.code, "hermes up" in outcome.err) == (4, True)


async def test_without_a_token_the_command_says_where_it_looked(
    hermes: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HERMES_TOKEN")
    outcome = await hermes("services")
    assert outcome.code == 4
    assert str(tmp_path / "token") in outcome.err.replace("\n", "")


async def test_services_and_runs_show_what_the_api_says(served: Served, hermes: Command) -> None:
    served.room.register("content_qa")
    started = hermes("test", "smoke", "--service", "content_qa")
    await with_runner(served, started)
    services = await hermes("services")
    assert "Content QA" in services.out
    assert "1 failed" in services.out
    runs = await hermes("runs")
    assert "smoke" in runs.out


async def test_doctor_names_what_is_not_ready_and_what_to_do(
    hermes: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HERMES_DATABASE_URL", f"postgresql://x@/y?host={tmp_path}")
    outcome = await hermes("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(outcome.out)}
    assert outcome.code == 1
    assert checks["Python"]["state"] == "ready"
    assert checks["Database (HERMES_DATABASE_URL)"]["state"] == "not ready"
    assert checks["Worker crawl_render"]["nextStep"]
    assert all(check["nextStep"] for check in checks.values() if check["state"] == "not ready")


async def test_doctor_calls_a_worker_ready_only_when_it_responded(
    served: Served, hermes: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HERMES_DATABASE_URL", f"postgresql://x@/y?host={tmp_path}")
    there = served.room.worker.secret("content_qa")
    gone = json.dumps({"base_url": "http://127.0.0.1:9", "api_key": "k"})
    for slug, secret in (("content_qa", there), ("crawl_render", gone)):
        monkeypatch.setenv(served.room.catalog.service(slug).secret, secret)
    outcome = await hermes("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(outcome.out)}
    assert checks["Worker content_qa"]["state"] == "ready"
    assert checks["Worker crawl_render"]["state"] == "not ready"
    assert "Connection refused" in checks["Worker crawl_render"]["text"]


async def test_doctor_reports_every_faulty_setting_at_once(
    hermes: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_PORT", "99999")
    monkeypatch.setenv("HERMES_DATABASE_URL", "mysql://x")
    outcome = await hermes("doctor", "--json")
    (settings,) = [c for c in json.loads(outcome.out) if c["name"] == "Settings"]
    assert "HERMES_PORT" in settings["text"]
    assert "HERMES_DATABASE_URL" in settings["text"]


async def test_a_host_that_others_can_reach_needs_a_public_address_and_an_admin_with_a_password(
    hermes: Command, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_DATABASE_URL", served.room.database_url)
    serve = ("serve", "--host", "127.0.0.2", "--port", "0", "--parent-pid", "1")
    outcome = await hermes(*serve)
    assert (outcome.code, "HERMES_PUBLIC_URL" in outcome.err) == (4, True)
    monkeypatch.setenv("HERMES_PUBLIC_URL", "http://hermes.example")
    user = await served.user(role="operator")
    await served.people.users.add("no-password@example.com", "", "admin", "tests")
    outcome = await hermes(*serve)
    assert (outcome.code, "host_refused" in outcome.err) == (4, True)
    assert "hermes users add" in outcome.err
    await served.people.users.set_role(user.id, "admin", "tests")
    outcome = await program(*serve)  # a parent that is not its own ends it once it is up
    assert (outcome.code, "host_refused" in outcome.err) == (0, False), outcome
    assert "passwords cross the network unencrypted" in outcome.err


async def test_a_public_address_needs_an_admin_with_a_password_on_loopback_too(
    hermes: Command, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_DATABASE_URL", served.room.database_url)
    monkeypatch.setenv("HERMES_PUBLIC_URL", "https://hermes.example")
    outcome = await hermes("serve", "--port", "0", "--parent-pid", "1")
    assert (outcome.code, "host_refused" in outcome.err) == (4, True)


async def test_users_are_added_listed_and_let_in_from_the_command_line(
    hermes: Command, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_DATABASE_URL", served.room.database_url)
    monkeypatch.setenv("HERMES_PUBLIC_URL", served.url)
    monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough password\n"))
    added = await hermes("users", "add", "Ann@Example.com", "--role", "admin", "--password")
    assert added.code == 0, added
    listed = json.loads((await hermes("users", "list", "--json")).out)
    assert [(u["email"], u["role"], u["state"]) for u in listed] == [
        ("ann@example.com", "admin", "enabled")
    ]
    linked = await hermes("users", "link", "--user", "ann@example.com")
    async with served.http.get(linked.out.strip().removeprefix(served.url)) as answer:
        assert "Choose a password" in await answer.text()
    assert "last_admin" in (await hermes("users", "disable", "ann@example.com")).err
    assert "role_wrong" in (await hermes("users", "add", "x@y.example", "--role", "king")).err
    assert "unknown_user" in (await hermes("users", "role", "nobody@y.example", "viewer")).err
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    refused = await hermes("users", "password", "ann@example.com")
    assert (refused.code, "password_refused" in refused.err) == (4, True)


async def test_a_broken_catalog_is_refused_with_entry_and_field(
    tmp_path: Path, served: Served
) -> None:
    broken = tmp_path / "catalog.toml"
    entry = 'slug = "x1"\nname = "X"\nstate = "built"\nexpected_outputs = ["ok"]\n'
    broken.write_text(f"version = 1\n[[services]]\n{entry}")
    url = served.room.database_url
    outcome = await program(
        "runner", "--parent-pid", "1", HERMES_CATALOG=str(broken), HERMES_DATABASE_URL=url
    )
    assert outcome.code == 4
    assert "catalog_invalid" in outcome.err
    assert "service 'x1', field category" in outcome.err


async def test_an_old_schema_is_refused_with_the_command_to_run(served: Served) -> None:
    await served.room.hermes.pool.execute("delete from schema_migrations")
    outcome = await program(
        "runner", "--parent-pid", "1", HERMES_DATABASE_URL=served.room.database_url
    )
    assert outcome.code == 4
    assert "Run: hermes migrate" in outcome.err
