"""URLs of databases as people and providers write them: read, or refused without a piece of a secret (F11, F13)."""

import pytest

from hermes_base.database_address import UnreadableUrlError, read
from hermes_base.problems import Problem
from hermes_base.settings import load


@pytest.mark.parametrize("character", ["/", "?", "#", "[", "]", "@", " "])
def test_a_character_that_must_be_escaped_is_named_and_the_password_is_not(character: str) -> None:
    """F11: a traceback whose last line held a piece of the password."""
    secret = f"Pa55{character}w0rd"
    with pytest.raises(Problem) as refused:
        load({"HERMES_DATABASE_URL": f"postgresql://app:{secret}@db.example:5432/hermes"})
    told = f"{refused.value.message} {refused.value.hint} {refused.value.details}"
    assert "HERMES_DATABASE_URL" in told
    assert f"written as %{ord(character):02X}" in told
    assert not any(piece in told for piece in ("Pa55", "w0rd"))
    escaped = secret.replace(character, f"%{ord(character):02X}")
    assert read(f"postgresql://app:{escaped}@db.example:5432/hermes").url.endswith("/hermes")


@pytest.mark.parametrize("url", ["postgresql://a:b%zz@h/d", "postgresql://a:100%@h/d"])
def test_a_percent_sign_that_is_no_escape_is_named(url: str) -> None:
    with pytest.raises(UnreadableUrlError, match="holds %, which must be written as %25"):
        read(url)


@pytest.mark.parametrize(
    "url", ["mysql://a:b@h/d", "postgresql://", "db.example", "postgresql://h:port/d"]
)
def test_what_is_no_url_of_postgresql_is_refused(url: str) -> None:
    with pytest.raises(UnreadableUrlError):
        read(url)


@pytest.mark.parametrize(
    ("url", "pooled", "kept"),
    [
        ("postgresql://u:p@ep-cool-1-pooler.eu.aws.neon.tech/db?sslmode=require&channel_binding=require", True, "?sslmode=require"),
        ("postgresql://u:p@ep-cool-1.eu.aws.neon.tech/db?sslmode=require&channel_binding=require", False, "?sslmode=require"),
        ("postgresql://postgres.ref:p@aws-0-eu.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1", True, ""),
        ("postgresql://postgres.ref:p@aws-0-eu.pooler.supabase.com:5432/postgres", False, ""),
        ("postgres://u:p@h/db?schema=app&connect_timeout=10&sslmode=disable", False, "?sslmode=disable"),
        ("postgresql://hermes@/hermes?host=/run/postgresql", False, "?host=%2Frun%2Fpostgresql"),
    ],
)  # fmt: skip
def test_strings_of_neon_supabase_and_prisma_are_understood(
    url: str, pooled: bool, kept: str
) -> None:
    """F13: `unrecognized configuration parameter "channel_binding"`."""
    found = read(url)
    assert found.pooled is pooled
    assert found.url.partition("?")[2] == kept.removeprefix("?")
    assert ("statement_cache_size" in found.driver_options) is pooled
    if "schema=" in url:
        assert found.settings == {"search_path": "app"}
