"""The deployment examples tell the truth: command lines, variables and processes are those of Hermes."""

import asyncio
import io
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.exceptions import TyperException

from hermes.wiring import program as cli
from hermes.wiring.fleet import fleet_environment
from hermes.wiring.up import processes
from hermes.wiring.web_server import require_guarded
from hermes_base.people import People
from hermes_base.postgres.opening import current_database
from hermes_base.problems import Problem
from hermes_base.settings import Settings, load
from tests import ROOT
from tests.support.installed import pip_arguments

DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
RENDER: dict[str, Any] = yaml.safe_load((DEPLOY / "render.yaml").read_text())
UNIT = (DEPLOY / "hermes.service").read_text()
PROCFILE = (DEPLOY / "Procfile").read_text()
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
README = (DEPLOY / "README.md").read_text()
LONGEST_STOP = 28  # seconds: what the supervisor gives to its processes, all told


def ours() -> dict[str, dict[str, Any]]:
    """The services of compose.yaml that run Hermes."""
    return {name: each for name, each in COMPOSE["services"].items() if each["image"] == "hermes"}


def procfile() -> dict[str, str]:
    lines = [line for line in PROCFILE.splitlines() if not line.startswith("#")]
    return dict(re.fullmatch(r"(\w+): (.+)", line).groups() for line in lines)  # type: ignore[union-attr]


def blocks(text: str) -> list[str]:
    """The lines of the fenced blocks of a page."""
    return [line for block in text.split("```")[1::2] for line in block.strip().splitlines()]


def told() -> list[str]:
    """Every command line of `hermes` in the files, from the word hermes on."""
    compose = [shlex.join(each["command"]) for each in ours().values()]
    render = [each["dockerCommand"] for each in RENDER["services"]]
    unit = re.findall(r"^ExecStart=(.+)$", UNIT, re.MULTILINE)
    image = [" ".join(re.findall(r'"([^"]+)"', line)) for line in DOCKERFILE.splitlines() if line.startswith("CMD")]  # fmt: skip
    page = [line for line in blocks(README) if "useradd" not in line]
    named = re.findall(r"`(hermes [^`]+)`", README)
    lines = [*compose, *procfile().values(), *render, *unit, *image, *page, *named]
    return [found[0] for line in lines if (found := re.search(r"(?<![\w.-])hermes (?!up$)[a-z].*|hermes up$", line))]  # fmt: skip


def parse(line: str) -> None:
    """Parse a command line as the program does, without doing anything. Raises for wrong words."""
    words = shlex.split(line.replace("$PORT", "8400"))
    command: Any = typer.main.get_command(cli.app)
    context = command.make_context(words[0], words[1:])
    while rest := [*context._protected_args, *context.args]:
        _, command, rest = command.resolve_command(context, rest)
        context = command.make_context(command.name, rest, parent=context)


@pytest.mark.parametrize("line", sorted(set(told())))
def test_every_command_line_is_one_that_hermes_understands(line: str) -> None:
    parse(line)


@pytest.mark.parametrize(
    "line", ["hermes runners", "hermes serve --hots x", "hermes users add a --rol admin"]
)
def test_a_command_line_that_hermes_does_not_understand_is_found(line: str) -> None:
    with pytest.raises(TyperException):
        parse(line)


def test_command_lines_were_found_in_every_file() -> None:
    lines = told()
    assert len(lines) >= len(ours()) + len(procfile()) + 8
    assert {"hermes serve --host 0.0.0.0", "hermes up", "hermes up --host 0.0.0.0"} <= set(lines)


def named_variables() -> set[str]:
    """Every variable of Hermes that a file names."""
    texts = [file.read_text() for file in DEPLOY.iterdir()]
    return {name for text in texts for name in re.findall(r"HERMES_[A-Z_]*[A-Z](?!\w)", text)} - {"HERMES_X", "HERMES_X_FILE"}  # fmt: skip


def test_every_variable_is_one_that_hermes_reads(tmp_path: Path) -> None:
    settings = load({"HERMES_HOME": str(tmp_path)})
    known = {f"HERMES_{name.upper()}" for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known} | fleet_environment(settings).keys()
    assert named_variables() - known == set()
    assert len(named_variables()) > 10


def test_values_are_ones_that_hermes_accepts() -> None:
    given = {
        "HERMES_PUBLIC_URL": "https://hermes.example",
        "POSTGRES_PASSWORD": "p",
    }

    def filled(value: str) -> str:
        return re.sub(r"\$\{(\w+)[^}]*\}", lambda found: given.get(found[1], ""), value)

    for name, each in ours().items():
        found = load({key: filled(str(value)) for key, value in each["environment"].items()})
        assert found.database_url == "postgresql://hermes:p@database/hermes", name
    settings = dict(re.findall(r"^Environment=(\w+)=(.+)$", UNIT, re.MULTILINE))
    assert load(settings).home == Path("/home/hermes/data")


def test_all_processes_of_hermes_up_are_there(tmp_path: Path) -> None:
    children = processes(load({"HERMES_HOME": str(tmp_path)}), demo=False)
    wanted = {child.command[1].removeprefix("hermes_") for child in children} - {"hermes"}
    wanted |= {child.command[2] for child in children if child.command[1] == "hermes"}
    assert wanted == {"serve", "runner", "fleet", "brain", "subscriber", "flow-worker", "monitor"}
    assert {each["command"][1] for each in ours().values()} == wanted | {"migrate"}
    assert {line.split()[1] for line in procfile().values()} == wanted | {"migrate"}
    assert [each["dockerCommand"].split()[:2] for each in RENDER["services"]] == [["hermes", "up"]]
    assert re.findall(r"^ExecStart=\S+/hermes (\S+)", UNIT, re.MULTILINE) == ["up"]


def test_whoever_stops_hermes_waits_until_it_has_ended() -> None:
    from directory_bolt.processes import flow_worker
    from hermes.runner import loop
    from hermes_base.supervisor import LAST_SECONDS, STOP_SECONDS

    assert max(loop.GRACE, flow_worker.GRACE) < STOP_SECONDS
    assert STOP_SECONDS + LAST_SECONDS <= LONGEST_STOP
    for name, each in ours().items():
        assert int(each["stop_grace_period"].removesuffix("s")) >= LONGEST_STOP, name
    assert all(each["maxShutdownDelaySeconds"] > LONGEST_STOP for each in RENDER["services"])
    (unit,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert int(unit) > LONGEST_STOP


def test_the_image_copies_and_installs_what_is_there() -> None:
    copied = re.findall(r"^COPY (\S+) \./", DOCKERFILE, re.MULTILINE)
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    arguments = [word for line in pip_arguments(DOCKERFILE) for word in line if word[0] != "-"]
    assert len(arguments) == 4
    assert [name for name in arguments if not (ROOT / name).exists()] == []
    assert {name.partition("/")[0] for name in arguments} == set(copied)


def test_one_machine_gets_what_the_image_gets() -> None:
    assert pip_arguments(README) == pip_arguments(DOCKERFILE)


def test_every_extra_is_one_of_the_control_plane() -> None:
    project = tomllib.loads((ROOT / "packages/hermes-control/pyproject.toml").read_text())
    known = project["project"]["optional-dependencies"].keys()
    table = re.findall(r"^\|[^|]+\| `(\w+)` \|", README, re.MULTILINE)
    (offered,) = re.findall(r"EXTRAS=([\w,]+)", DOCKERFILE)
    assert set(offered.split(",")) == set(table) == known - {"demo", "fleet"}


async def test_the_documented_first_step_lets_the_web_server_start(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = next(line for line in blocks(README) if "compose" in line and "users add" in line)
    given = {"HERMES_HOME": str(tmp_path), "HERMES_DATABASE_URL": database_url}
    settings = load({**given, "HERMES_PUBLIC_URL": "https://hermes.example"}, host="0.0.0.0")
    async with current_database(settings, size=2) as pool:
        people = People(pool)
        with pytest.raises(Problem, match="until an enabled admin has a password") as refused:
            await require_guarded(settings, people)
        assert step.split("hermes users", 1)[1].split()[2:] == refused.value.hint.split()[5:]
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
        words = shlex.split(step.split(" web hermes ")[1])
        await asyncio.to_thread(cli.app, words, standalone_mode=False)
        await require_guarded(settings, people)


def test_the_web_server_is_asked_where_it_listens() -> None:
    web = COMPOSE["services"]["web"]
    assert web["ports"] == ["127.0.0.1:8400:8400"]
    assert f":{Settings.model_fields['port'].default}/health" in web["healthcheck"]["test"][-1]
    (render,) = RENDER["services"]
    port = re.search(r"--port (\d+)", render["dockerCommand"])
    assert port is not None
    assert {"key": "PORT", "value": port[1]} in render["envVars"]
    assert render["disk"]["mountPath"] in DOCKERFILE
    assert COMPOSE["services"]["fleet"]["environment"]["HERMES_URL"] == "http://web:8400"
    assert COMPOSE["services"]["fleet"]["network_mode"] == "service:runner"
    assert all("home:/home/hermes/data" in each["volumes"] for each in ours().values())
