"""Dialects: what a file may hold, what is sent by it, and what is read. Their lives stand in `tests/world`."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hermes.contact.foreign import signed
from hermes.core.dialects import replies
from hermes.core.dialects.dialect import Dialect, Key
from hermes.core.dialects.expressions import about, compiled, find, find_text
from hermes.core.dialects.health import read_probe
from hermes.core.dialects.library import Dialects, UnknownDialect, read, shipped
from hermes.core.dialects.requests import Outgoing
from hermes.core.dialects.results import joined
from hermes.core.dialects.templates import Filling, Unfilled, checked, filled, filled_path
from hermes.core.replies.values import Accepted, Finished, Working
from hermes.core.worker_config import WorkerConfig, parse
from hermes.vault import Environment, Vault
from hermes_base.data_files import FaultyFile
from hermes_base.http.answers import Answer
from hermes_base.reasons import Failure, Reason
from tests.world.foreign import FIGURES, shapes

NOW = datetime(2026, 12, 1, tzinfo=UTC)
BASE = "https://worker.example"
HEAD = 'name = "mine"\ntitle = "My API"\n'


def mine(text: str) -> Dialect:
    return read(HEAD + text, "mine.toml")


def answer(body: Any, status: int = 200, url: str = f"{BASE}/jobs/7", **headers: str) -> Answer:
    named = {name.replace("_", "-"): told for name, told in headers.items()}
    content = {"content-type": "application/json", **named}
    return Answer(status, content, json.dumps(body).encode() if body is not None else b"", url)


def worker(told: object) -> WorkerConfig | Failure:
    secret = json.dumps({"base_url": BASE, "api_key": "k-123456", "dialect": told})
    return Vault([Environment({FIGURES.secret: secret})]).worker(FIGURES)


# What a file may hold
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[poll]\nstatus = "a["', "not JMESPath"),
        (f'[poll]\nstatus = "{"a." * 300}b"', "at most 500 characters"),
        (f'[poll]\nstatus = "{"!" * 480}a"', "nested too deeply"),
        (f'[poll]\nstatus = "{" | ".join(["[@, @] | []"] * 12)}"', "too many lists"),
        ('[poll]\nstatus = "to_string(@)"', "to_string is not allowed"),
        ('[start]\npath = "/../admin"', "below the worker's address"),
        ('[start]\npath = "//other.example/x"', "begins with one /"),
        ('[start]\npath = "https://other.example/x"', "begins with one /"),
        ('[start]\npath = "/a%2e%2e/b"', "below the worker's address"),
        ('[start]\nbody = { a = "{api_key}" }', "cannot hold a key"),
        ('[start]\nheaders = { X-A = "{env.HOME}" }', "cannot hold a key"),
        ('[start]\nbody = { a = "{nothing}" }', "is not filled in"),
        ('[start]\npath = "/{values.project}"', "no entry in [values]"),
        ('[start]\nmethod = "TRACE"', "method"),
        ('[strat]\npath = "/"', "strat"),
        ('[accepted]\nheaders = ["Set Cookie"]', "headers"),
        (f"[start]\nbody = {'[' * 20}1{']' * 20}", ""),
        (f'[start]\nbody = "{"x" * 30_000}"', "at most 20000 characters"),
        ("x = 1\n" * 20_000, "larger than 64 KB"),
        ("[poll", "not TOML"),
    ],
)  # fmt: skip
def test_a_hostile_or_faulty_file_is_refused_with_its_fault(text: str, says: str) -> None:
    if not says:
        mine(text)  # deep, but within what a request may be
        return
    with pytest.raises(FaultyFile) as refused:
        mine(text)
    assert says in str(refused.value)


def test_a_dialect_stands_in_a_file_of_its_name() -> None:
    with pytest.raises(FaultyFile, match="another name"):
        read(HEAD, "other.toml")


def test_an_expression_that_takes_too_many_steps_finds_nothing() -> None:
    compiled("[*].[*].[*].a")
    document = [[[{"a": 1}] * 100] * 100] * 100
    assert find("[*][*][*].a", document) is None
    assert find("[*][*][*].a", document[:2]) is not None


def test_texts_found_are_words_numbers_and_flags() -> None:
    document = {"word": " done ", "code": 20000, "whole": 3.0, "yes": True, "list": [1]}
    found = [find_text(name, document) for name in ("word", "code", "whole", "yes", "list", "none")]
    assert found == ["done", "20000", "3", "true", "", ""]


def test_an_id_cannot_end_the_text_that_it_stands_in() -> None:
    text = "runs[?contains(title, '$run_id')] | [0]"
    assert about(text, "j", "r-1") == "runs[?contains(title, 'r-1')] | [0]"
    assert about(text, "j", "'] || [?'1") == "runs[?contains(title, '')] | [0]"


# What is sent
def filling(**names: Any) -> Filling:
    tables = {"payload": {"max_urls": 10}, "values": {"path": "a/b", "empty": ""}}
    return Filling({"site": "https://s.example", "payload": {"max_urls": 10}, **names}, tables)


def test_a_name_alone_keeps_its_type_and_members_without_value_are_left_out() -> None:
    template = {"url": "{site}", "limit": "{payload.max_urls}", "more": ["{payload.none}", "{site}/"], "all": "{payload}", "text": "{payload:json}", "none": "{payload.none}"}  # fmt: skip
    assert filled(checked(template), filling()) == {
        "url": "https://s.example",
        "limit": 10,
        "more": ["https://s.example/"],
        "all": {"max_urls": 10},
        "text": '{"max_urls":10}',
    }


def test_a_value_in_a_path_cannot_leave_its_place() -> None:
    assert filled_path("/x/{job_id}", filling(job_id="../a?b#c")) == "/x/..%2Fa%3Fb%23c"
    assert filled_path("/{values.path:path}/y", filling()) == "/a/b/y"
    for bad in ("..", "a/../b", "", "/a"):
        with pytest.raises(Unfilled):
            filled_path("/x/{job_id:path}", filling(job_id=bad))


@pytest.mark.parametrize(
    ("told", "header", "url"),
    [
        (Key(), "Bearer user:pass word", "https://w.example/x"),
        (Key(where="header", prefix="Token "), "Token user:pass word", "https://w.example/x"),
        (Key(where="basic"), "Basic dXNlcjpwYXNzIHdvcmQ=", "https://w.example/x"),
        (Key(where="query", name="key"), None, "https://w.example/x?key=user%3Apass%20word"),
        (Key(where="none"), None, "https://w.example/x"),
    ],
)
def test_the_key_goes_where_the_dialect_says(told: Key, header: str | None, url: str) -> None:
    headers, address = signed(told, Outgoing("GET", "https://w.example/x", {}), "user:pass word")
    assert (headers.get("Authorization"), address) == (header, url)
    assert ("x-api-key" in headers) is (told.where == "contract")


# What is read
def test_an_address_on_another_host_is_never_asked() -> None:
    replicate = shipped()["replicate"]
    told = replicate.model_copy(update={"accepted": mine('[accepted]\nid = "id"\naddress = "urls.get"').accepted})  # fmt: skip
    body = {"id": "p1", "status": "starting", "urls": {"get": "https://evil.example/p1"}}
    taken = replies.read_start(told, answer(body, 201), "r", NOW)
    assert isinstance(taken, Accepted)
    assert (taken.job_id, taken.status_url) == ("p1", None)
    moved = mine('[poll]\nstatus = "s"\nnext_address = "next"')
    going = replies.read_poll(moved, answer({"s": "running", "next": "https://evil.example"}), "7", "r", NOW, cancelling=False)  # fmt: skip
    assert isinstance(going, Working)
    assert going.next_address is None
    result = mine('[poll]\nstatus = "s"\n[result]\naddress = "at"')
    ended = replies.read_poll(result, answer({"s": "done", "at": "https://evil.example"}), "7", "r", NOW, cancelling=False)  # fmt: skip
    assert isinstance(ended, Failure)
    assert ended.reason is Reason.REDIRECT


@pytest.mark.parametrize(
    "body",
    [
        {"state": "done", "success": False, "out": {"lcp": 1}},
        {"state": "done", "error": "out of memory", "out": {"lcp": 1}},
        {"state": "done", "exit_code": 137, "out": {"lcp": 1}},
    ],
)
def test_words_of_failure_beside_a_word_of_success_win_over_a_dialect_too(body: Any) -> None:
    told = mine('[poll]\nstatus = "state"\n[result]\ninside = "out"')
    ended = replies.read_poll(told, answer(body), "7", "r", NOW, cancelling=False)
    assert isinstance(ended, Failure)
    assert ended.reason is Reason.WORKER_FAILED


def test_marks_of_made_up_data_beside_a_result_are_kept() -> None:
    told = mine('[poll]\nstatus = "state"\n[result]\ninside = "out"')
    body = {"state": "done", "id": "7", "sample": True, "out": {"lcp": 1}}
    ended = replies.read_poll(told, answer(body), "7", "r", NOW, cancelling=False)
    assert isinstance(ended, Finished)
    assert ended.document == {"sample": True, "result": {"lcp": 1}}


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({"state": "odd"}, 200, Reason.UNKNOWN_STATUS),
        ({"state": "gone"}, 200, Reason.JOB_UNKNOWN_TO_WORKER),
        ({"other": 1}, 200, Reason.UNRECOGNISED_REPLY),
        ({"error": {"message": "no such job 7"}}, 404, Reason.JOB_UNKNOWN_TO_WORKER),
        ({"state": "broken", "why": "no sitemap"}, 200, Reason.WORKER_FAILED),
    ],
)
def test_an_answer_that_is_no_end_says_why(body: Any, status: int, reason: Reason) -> None:
    told = mine('[poll]\nstatus = "state"\nerror = "why"\nstates = { failed = ["broken"], no_such_job = ["gone"] }')  # fmt: skip
    read_as = replies.read_poll(told, answer(body, status), "7", "r", NOW, cancelling=False)
    assert isinstance(read_as, Failure)
    assert read_as.reason is reason
    assert reason is not Reason.WORKER_FAILED or read_as.detail == "no sitemap"


def test_pages_of_a_result_are_put_together() -> None:
    first = {"result": {"outputs": {"urls": ["/a"], "count": 3}, "more": 1}, "x": 1}
    second = {"result": {"outputs": {"urls": ["/b"], "count": 3}}}
    assert joined(first, second)["result"]["outputs"] == {"urls": ["/a", "/b"], "count": 3}


def test_a_probe_for_a_job_of_nobody_proves_the_key_or_says_that_it_did_not() -> None:
    failure, facts = read_probe(answer({"detail": "No job of that id"}, 404), {"doubts": []})
    assert (failure, facts["keyProof"]) == (None, "the key was accepted")
    refused, _ = read_probe(answer({"detail": "Wrong key"}, 401), {})
    assert refused is not None
    assert refused.reason is Reason.AUTH_401
    _, unsure = read_probe(answer({}, 500), {})
    assert unsure["doubts"]


# Who speaks which
def test_a_secret_without_a_dialect_is_left_alone() -> None:
    config = parse(json.dumps({"base_url": BASE, "key": "k"}), "test")
    assert isinstance(config, WorkerConfig)
    assert (config.told, config.dialect) == ("", None)


def test_a_secret_names_a_dialect_gives_its_values_and_changes_its_parts() -> None:
    told = {"name": "replicate", "values": {"version": "v9"}, "poll": {"states": {"failed": ["sad"]}}, "outputs": {"lcp": "a.b"}}  # fmt: skip
    config = worker(told)
    assert isinstance(config, WorkerConfig)
    assert config.dialect is not None
    assert config.values == {"version": "v9"}
    assert config.dialect.poll.states.failed == ("sad",)
    assert config.dialect.poll.states.completed == ("succeeded",)
    assert config.dialect.outputs == {"lcp": "a.b"}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ("repliate", "which does not exist"),
        ("replicate", "version (Id of the model's version)"),
        ({"name": "replicate", "values": {"version": "1", "typo": 2}}, "'typo'"),
        ({"name": "replicate", "values": {"version": "1"}, "start": {"path": "/../x"}}, "below"),
        ({"name": "replicate", "values": {"version": "1"}, "poll": {"status": "a["}}, "JMESPath"),
        (["replicate"], "neither a name nor an object"),
    ],
)
def test_a_secret_with_a_dialect_that_is_none_says_what_is_wrong(told: Any, says: str) -> None:
    config = worker(told)
    assert isinstance(config, Failure)
    assert config.reason is Reason.SECRET_MALFORMED
    assert says in config.detail


def test_a_secret_changes_the_dialect_of_the_catalog_unless_it_names_another() -> None:
    of_catalog = {"name": "airbyte", "values": {"connection": "c1"}}
    changed = Dialects().spoken(of_catalog, {"values": {"kind": "reset"}})
    assert changed is not None
    assert changed[0].name == "airbyte"
    assert changed[1] == {"connection": "c1", "kind": "reset"}
    other = Dialects().spoken(of_catalog, "rq")
    assert other is not None
    assert other[0].name == "rq"
    with pytest.raises(UnknownDialect):
        Dialects().spoken(of_catalog, {"name": "rq", "values": {"connection": "c1"}})


def test_a_file_of_the_installation_goes_before_one_that_ships() -> None:
    own = Dialects({"rq": 'name = "rq"\ntitle = "Our RQ"\n', "mine": HEAD})
    spoken = own.spoken("rq", "")
    assert spoken is not None
    assert spoken[0].title == "Our RQ"
    assert "mine" in own.names


def test_every_shipped_dialect_says_what_it_is_and_is_played_by_a_fake() -> None:
    told = [shape.secret.get("dialect", {}) for shape in shapes().values()]
    played = {name if isinstance(name, str) else name.get("name") for name in told}
    assert shipped().keys() - played == {"hermes_v1"}  # the contract, which names no dialect
    for dialect in shipped().values():
        assert dialect.source
        assert dialect.speaks.endswith(".")
        assert dialect.setup or not dialect.values
