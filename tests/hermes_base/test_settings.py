"""The environment: every fault at once, secrets from files, nothing half read."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from hermes_base.problems import Problem
from hermes_base.settings import Settings, load


def faults_of(environment: dict[str, str]) -> list[str]:
    with pytest.raises(Problem) as refused:
        load(environment)
    assert refused.value.code == "settings_invalid"
    assert refused.value.hint
    return refused.value.message.split("; ")


def test_an_empty_environment_is_enough() -> None:
    found = load({})
    assert found.embedded
    assert (found.host, found.port) == ("127.0.0.1", 8400)
    assert load({"HERMES_PORT": ""}).port == 8400


def test_values_are_read_by_their_names() -> None:
    found = load(
        {
            "HERMES_HOME": "some/home",
            "HERMES_PORT": "9000",
            "HERMES_DATABASE_URL": "postgresql://h/db",
            "HERMES_LOG_JSON": "true",
            "HERMES_LEASE_SECONDS": "2.5",
            "OTHER_PORT": "1",
        }
    )
    assert found.home == Path("some/home").absolute()
    assert (found.port, found.log_json, found.lease_seconds) == (9000, True, 2.5)
    assert not found.embedded


def test_every_fault_is_told_at_once_by_the_name_of_its_variable() -> None:
    faults = faults_of(
        {
            "HERMES_PORT": "eighty",
            "HERMES_FLEET_PORT": "70000",
            "HERMES_DATABASE_URL": "mysql://h/db",
            "HERMES_LEASE_SECONDS": "0",
            "HERMES_LOG_JSON": "perhaps",
        }
    )
    named = [fault.split(":")[0] for fault in faults]
    assert sorted(named) == [
        "HERMES_DATABASE_URL",
        "HERMES_FLEET_PORT",
        "HERMES_LEASE_SECONDS",
        "HERMES_LOG_JSON",
        "HERMES_PORT",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "-1"), ("PORT", "65536"), ("RUNNER_CAPACITY", "0"), ("HOST_CONCURRENCY", "x"),
     ("LEASE_SECONDS", "1e9"), ("DATABASE_URL", "h/db")],
)  # fmt: skip
def test_a_value_out_of_range_is_refused(name: str, value: str) -> None:
    (fault,) = faults_of({f"HERMES_{name}": value})
    assert fault.startswith(f"HERMES_{name}: ")


def test_a_value_may_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "db"
    secret.write_text(" postgresql://user:pw@h/db\n", "utf-8")
    assert load({"HERMES_DATABASE_URL_FILE": str(secret)}).database_url == (
        "postgresql://user:pw@h/db"
    )


def test_a_file_that_cannot_be_read_is_told_with_its_variable(tmp_path: Path) -> None:
    (fault,) = faults_of({"HERMES_DATABASE_URL_FILE": str(tmp_path / "none")})
    assert fault.startswith("HERMES_DATABASE_URL_FILE: cannot read ")
    assert fault.endswith("No such file or directory")


def test_a_faulty_value_in_a_file_is_told_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("eighty", "utf-8")
    (fault,) = faults_of({"HERMES_PORT_FILE": str(tmp_path / "port")})
    assert fault.startswith("HERMES_PORT: ")


def test_what_is_given_by_hand_wins() -> None:
    assert load({"HERMES_PORT": "9000"}, port=9001).port == 9001


def test_settings_cannot_be_changed_and_unknown_ones_are_refused() -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"colour": "red"})
    with pytest.raises(ValidationError):
        load({}).port = 1  # pyright: ignore[reportAttributeAccessIssue]


def test_everything_hermes_writes_stands_below_its_home(tmp_path: Path) -> None:
    found = load({"HERMES_HOME": str(tmp_path)})
    files = (found.token_file, found.fleet_file, found.fleet_key_file, found.address_file)
    assert {file.parent for file in files} == {tmp_path}
    assert load({"HERMES_HOME": str(tmp_path / "other")}).digest != found.digest


def test_faulty_files_and_faulty_variables_are_named_together(tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    packed.write_bytes(b"\xff\xfe\x00")
    faults = faults_of(
        {
            "HERMES_DATABASE_URL_FILE": str(tmp_path / "none"),
            "HERMES_HOST_FILE": str(packed),
            "HERMES_PORT": "99999",
        }
    )
    assert [fault.split(":")[0] for fault in sorted(faults)] == [
        "HERMES_DATABASE_URL_FILE",
        "HERMES_HOST_FILE",
        "HERMES_PORT",
    ]


def test_a_public_address_may_be_below_a_path() -> None:
    """F15: it was taken, and no link of any page led anywhere."""
    for path in ("", "/hermes", "/a/b"):
        url = f"https://example.com{path}"
        assert load({"HERMES_PUBLIC_URL": f"{url}/"}).public_url == url


@pytest.mark.parametrize("path", ["/a//b", "/../a", "/a b", "/a?b=c", "/a#b", '/"x'])
def test_a_public_address_below_a_path_that_needs_escaping_is_refused(path: str) -> None:
    with pytest.raises(Problem, match=r"HERMES_PUBLIC_URL: .*a plain path"):
        load({"HERMES_PUBLIC_URL": f"https://example.com{path}"})
