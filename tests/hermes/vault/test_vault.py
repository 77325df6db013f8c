"""The vault: environment, folder and bundled fleet behind one resolver."""

import json
import os
from pathlib import Path

import pytest

from hermes.core.catalog import Catalog, ModeSpec, Output, Service
from hermes.core.worker_config import WorkerConfig
from hermes.vault import Bundled, Environment, Folder, Source, Vault
from hermes_base.reasons import Failure, Reason

KEY = "k-0123456789abcdef"
NAME = "HERMES_WORKER_A"
SERVICE = Service(
    slug="a_worker", name="A", category="c", purpose="p", state="built", secret=NAME, smoke=ModeSpec(),
    expected_outputs=("x_y",), outputs=(Output(slug="x_y", label="X", type="number"),),
)  # fmt: skip


def secret(host: str = "w.example") -> str:
    return json.dumps({"base_url": f"https://{host}", "api_key": KEY})


def worker(*sources: Source) -> WorkerConfig:
    found = Vault(sources).worker(SERVICE)
    assert isinstance(found, WorkerConfig), found
    return found


def failure(*sources: Source) -> Failure:
    found = Vault(sources).worker(SERVICE)
    assert isinstance(found, Failure), found
    assert KEY not in found.detail
    return found


def bundled(folder: Path, announced: object, key: str = KEY) -> Bundled:
    (folder / "fleet.json").write_text(json.dumps(announced), "utf-8")
    (folder / "fleet.key").write_text(f"{key}\n", "utf-8")
    return Bundled(folder / "fleet.json", folder / "fleet.key")


def test_a_secret_in_the_environment_is_found() -> None:
    found = worker(Environment({NAME: secret()}))
    assert (found.base_url, found.key, found.source) == ("https://w.example", KEY, "environment")


def test_the_environment_may_name_a_file(tmp_path: Path) -> None:
    (tmp_path / "worker.json").write_text(secret(), "utf-8")
    found = worker(Environment({f"{NAME}_FILE": str(tmp_path / "worker.json")}))
    assert found.base_url == "https://w.example"


def test_the_variable_itself_wins_over_its_file(tmp_path: Path) -> None:
    variables = {NAME: secret("direct.example"), f"{NAME}_FILE": str(tmp_path / "none")}
    assert worker(Environment(variables)).base_url == "https://direct.example"


@pytest.mark.parametrize("name", [NAME, f"{NAME}.json", "a_worker", "a_worker.json"])
def test_a_folder_has_a_file_per_secret_or_service(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(secret(), "utf-8")
    found = worker(Folder(tmp_path))
    assert (found.base_url, found.source) == ("https://w.example", f"folder {tmp_path}")


def test_the_name_of_the_secret_wins_over_the_name_of_the_service(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(secret("by-secret.example"), "utf-8")
    (tmp_path / "a_worker").write_text(secret("by-slug.example"), "utf-8")
    assert worker(Folder(tmp_path)).base_url == "https://by-secret.example"


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for host in ("one.example", "two.example"):
        (tmp_path / NAME).write_text(secret(host), "utf-8")
        assert worker(folder).base_url == f"https://{host}"


def test_the_bundled_fleet_is_one_address_with_a_path_per_service(tmp_path: Path) -> None:
    announced = {"base_url": "http://127.0.0.1:9", "services": ["a_worker"]}
    found = worker(bundled(tmp_path, announced))
    assert (found.base_url, found.key) == ("http://127.0.0.1:9/a_worker", KEY)
    assert found.source == "bundled fleet"


def test_the_bundled_fleet_is_read_again_when_it_moved(tmp_path: Path) -> None:
    source = bundled(tmp_path, {"base_url": "http://127.0.0.1:9", "services": ["a_worker"]})
    assert worker(source).base_url == "http://127.0.0.1:9/a_worker"
    bundled(tmp_path, {"base_url": "http://127.0.0.1:10", "services": ["a_worker"]})
    os.utime(tmp_path / "fleet.json", ns=(1, 1))  # a clock that stands still cannot hide it
    assert worker(source).base_url == "http://127.0.0.1:10/a_worker"


def test_a_fleet_that_restarts_is_where_it_was_until_it_says_otherwise(tmp_path: Path) -> None:
    source = bundled(tmp_path, {"base_url": "http://127.0.0.1:9", "services": ["a_worker"]})
    assert worker(source).base_url == "http://127.0.0.1:9/a_worker"
    (tmp_path / "fleet.json").unlink()
    assert worker(source).base_url == "http://127.0.0.1:9/a_worker"
    bundled(tmp_path, {"base_url": "http://127.0.0.1:10", "services": ["b_worker"]})
    os.utime(tmp_path / "fleet.json", ns=(1, 1))
    assert failure(source).reason is Reason.MISSING_SECRET


def test_a_service_that_the_fleet_does_not_announce_is_missing(tmp_path: Path) -> None:
    source = bundled(tmp_path, {"base_url": "http://127.0.0.1:9", "services": ["b_worker"]})
    assert failure(source).reason is Reason.MISSING_SECRET


def test_a_fleet_that_does_not_run_is_missing(tmp_path: Path) -> None:
    source = Bundled(tmp_path / "fleet.json", tmp_path / "fleet.key")
    assert failure(source).reason is Reason.MISSING_SECRET


@pytest.mark.parametrize("announced", [{"services": ["a_worker"]}, {"base_url": "http://h"}])
def test_an_announcement_without_its_fields_is_malformed(tmp_path: Path, announced: object) -> None:
    found = failure(bundled(tmp_path, announced))
    assert found.reason is Reason.SECRET_MALFORMED
    assert "bundled fleet cannot be read" in found.detail


def test_a_secret_that_nobody_has_names_everybody_who_was_asked(tmp_path: Path) -> None:
    found = failure(Environment({}), Folder(tmp_path))
    assert found.reason is Reason.MISSING_SECRET
    assert found.detail == f"{NAME} was not found in: environment, folder {tmp_path}."
    assert failure().detail == f"{NAME} was not found in: no secret source."


def test_a_folder_that_is_not_there_is_a_folder_without_secrets(tmp_path: Path) -> None:
    assert failure(Folder(tmp_path / "none")).reason is Reason.MISSING_SECRET
    (tmp_path / "file").write_text("", "utf-8")
    assert failure(Folder(tmp_path / "file")).reason is Reason.MISSING_SECRET


def test_the_first_source_that_has_the_secret_decides(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(secret("folder.example"), "utf-8")
    environment, folder = Environment({NAME: secret("environment.example")}), Folder(tmp_path)
    assert worker(environment, folder).base_url == "https://environment.example"
    assert worker(folder, environment).base_url == "https://folder.example"
    assert worker(Environment({}), folder).base_url == "https://folder.example"


def test_a_malformed_secret_is_not_passed_over_for_the_next_source(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(secret(), "utf-8")
    found = failure(Environment({NAME: f'{{"api_key": "{KEY}"'}), Folder(tmp_path))
    assert found.reason is Reason.SECRET_MALFORMED
    assert "environment" in found.detail


def test_an_empty_secret_is_malformed_not_missing() -> None:
    assert failure(Environment({NAME: ""})).reason is Reason.SECRET_MALFORMED


@pytest.mark.parametrize(
    "variables",
    [{f"{NAME}_FILE": "/no/such/file"}, {f"{NAME}_FILE": "/"}, {f"{NAME}_FILE": "\0"}],
)
def test_a_file_that_cannot_be_read_is_malformed_and_never_raises(
    variables: dict[str, str],
) -> None:
    found = failure(Environment(variables))
    assert found.reason is Reason.SECRET_MALFORMED
    assert "environment cannot be read" in found.detail


def test_a_file_that_is_no_text_is_malformed(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"\xff\xfe\x00")
    assert "not readable text" in failure(Folder(tmp_path)).detail


def test_every_worker_of_a_catalog_gets_its_own_answer() -> None:
    other = SERVICE.model_copy(update={"slug": "b_worker", "secret": "HERMES_WORKER_B"})
    catalog = Catalog(version=1, services=(SERVICE, other))
    found = Vault([Environment({NAME: secret()})]).workers(catalog)
    assert isinstance(found["a_worker"], WorkerConfig)
    assert isinstance(found["b_worker"], Failure)
