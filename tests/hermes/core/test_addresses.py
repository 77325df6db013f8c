"""Joining addresses: base paths kept, slashes harmless, never /api/api, never another host."""

from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.replies.addresses import job_id_in, join, resolve, same_origin, with_job


@pytest.mark.parametrize(
    ("base", "path", "url"),
    [
        ("https://h", "/start", "https://h/start"),
        ("https://h/", "start", "https://h/start"),
        ("https://h/base", "/start", "https://h/base/start"),
        ("https://h/base/", "//start", "https://h/base/start"),
        ("https://h:8443/a//b", "/c//d", "https://h:8443/a/b/c/d"),
        ("https://h/api", "/api/start", "https://h/api/start"),
        ("https://h/api", "/api", "https://h/api"),
        ("https://h/api/", "/start", "https://h/api/start"),
        ("https://h", "/api/start", "https://h/api/start"),
        ("https://h/base/api", "/api/v1/runs", "https://h/base/api/v1/runs"),
        ("https://h/api/api", "/x", "https://h/api/x"),
        ("https://h/api", "/apiary", "https://h/api/apiary"),
        ("https://h/myapi", "/api/x", "https://h/myapi/api/x"),
        ("https://api", "/api/x", "https://api/api/x"),
        ("https://h", "https://other.example/x", "https://h/https:/other.example/x"),
        ("https://h", "//other.example/x", "https://h/other.example/x"),
        (
            "https://h",
            "/s?url=http://x//y&api=/api/api",
            "https://h/s?url=http://x//y&api=/api/api",
        ),
    ],
)
def test_a_base_and_a_path_are_joined(base: str, path: str, url: str) -> None:
    assert join(base, path) == url


SEGMENTS = st.lists(st.sampled_from(["api", "v1", "a", "", "start", "apis"]), max_size=5)


@given(SEGMENTS, SEGMENTS, st.sampled_from(["h", "api", "h:8443", "[::1]:80"]))
def test_a_join_keeps_host_and_segments_and_doubles_nothing(
    base: list[str], path: list[str], host: str
) -> None:
    joined = urlsplit(join(f"https://{host}/{'/'.join(base)}", "/".join(path)))
    assert joined.netloc == host
    assert "//" not in joined.path
    assert "/api/api/" not in f"{joined.path}/"
    kept = [s for s in joined.path.split("/") if s and s != "api"]
    assert kept == [s for s in [*base, *path] if s and s != "api"]


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://h/status", "https://h/status?jobId=j%2F1"),
        ("https://h/status?v=2", "https://h/status?v=2&jobId=j%2F1"),
        ("https://h/status?job_id=", "https://h/status?job_id=j%2F1"),
        ("https://h/status?v=2&reportId=", "https://h/status?v=2&reportId=j%2F1"),
        ("https://h/status/{id}", "https://h/status/j%2F1"),
        ("https://h/jobs/{job_id}/state", "https://h/jobs/j%2F1/state"),
        ("https://h/api/v1/report/{reportId}", "https://h/api/v1/report/j%2F1"),
        ("https://h/jobs/:id", "https://h/jobs/j%2F1"),
        ("https://h/jobs/:jobId/state", "https://h/jobs/j%2F1/state"),
        ("https://h/s?job={jobId}", "https://h/s?job=j%2F1"),
        ("https://h:8443/status", "https://h:8443/status?jobId=j%2F1"),
    ],
)
def test_a_job_is_asked_for_where_the_worker_wants_it(url: str, asked: str) -> None:
    assert with_job(url, "j/1") == asked


@given(st.text(min_size=1, max_size=20).filter(lambda t: t.isprintable()))
def test_any_job_id_arrives_whole_and_changes_nothing_else(job_id: str) -> None:
    in_query = urlsplit(with_job("https://h/status?v=2", job_id))
    assert parse_qsl(in_query.query, keep_blank_values=True) == [("v", "2"), ("jobId", job_id)]
    in_path = urlsplit(with_job("https://h/jobs/{id}/state", job_id))
    assert [unquote(s) for s in in_path.path.split("/")] == ["", "jobs", job_id, "state"]
    assert (in_path.netloc, in_path.query, in_path.fragment) == ("h", "", "")


@pytest.mark.parametrize(
    ("url", "base", "same"),
    [
        ("https://h/x", "https://h/y", True),
        ("https://h:443/x", "https://H/y", True),
        ("http://h:80", "http://h/", True),
        ("https://h:8443/x", "https://h/y", False),
        ("http://h/x", "https://h/y", False),
        ("https://h.example/x", "https://h/y", False),
        ("https://h@evil.example/x", "https://h/", False),
        ("https://user@h/x", "https://h/y", False),
        ("https://h:port/x", "https://h:port/y", False),
        ("", "", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, base: str, same: bool) -> None:
    assert same_origin(url, base) is same


@given(st.text(max_size=40))
def test_a_named_address_never_leaves_the_workers_origin(address: str) -> None:
    url = resolve(address, "https://worker.example/base/start")
    assert url is None or url.startswith("https://worker.example/") or (
        url.lower().startswith("https://worker.example")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "job_id"),
    [
        ("https://h/jobs/j1", "j1"),
        ("https://h/jobs/j1/", "j1"),
        ("https://h/status?jobId=j1&x=2", "j1"),
        ("https://h/jobs/a%2Fb", "a/b"),
        *((f"https://h/api/{word}/", None) for word in ("status", "jobs", "job", "start")),
        ("https://h/result", None),
        ("https://h/results", None),
        ("https://h/", None),
        ("https://h", None),
    ],
)
def test_a_status_address_may_carry_the_job_id(url: str, job_id: str | None) -> None:
    assert job_id_in(url) == job_id
