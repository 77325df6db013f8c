"""Workers that go wrong below JSON: names, connections, TLS, framing, sizes, compression, silence."""

import gzip
import json
from dataclasses import replace

from tests.hermes.scenarios.scenario import (
    CONNECT,
    DONE,
    OUTPUTS,
    RESET,
    RESPONSE,
    RESULT,
    Home,
    Limit,
    Scenario,
    at_start,
    head,
    http,
)
from tests.hermes.scenarios.scripted_worker import Repeat, Script, Wait

MIB = 1024 * 1024
BOMB = gzip.compress(bytes(64 * MIB), 9)
CHUNKED = head("Transfer-Encoding: chunked")


def broken(name: str, answer: Script, reason: str, runs_out: Limit | None = None) -> list[Scenario]:
    """An answer that never arrives whole: a worker that keeps the promise about keys is asked once
    more and then has its reason; with the others nobody knows whether the start was taken."""
    least = RESPONSE if runs_out else 0.0
    plain = Scenario(name, "failed", "start_outcome_unknown", at_start(answer), runs_out, least)
    again = replace(
        plain, name=f"{name}_twice", reason=reason, not_before=2 * least, idempotent=True, starts=2
    )
    return [plain, again]


def unreachable(name: str, home: Home, reason: str, runs_out: Limit | None = None) -> Scenario:
    """Nothing was sent, so the reason is plain."""
    least = CONNECT if runs_out else 0.0
    return Scenario(name, "failed", reason, at_start(RESULT), runs_out, least, starts=0, home=home)


UNREACHABLE = [
    unreachable("no_such_host", "no_such_host", "dns"),
    unreachable("nobody_listens", "closed", "connect_refused"),
    unreachable("certificate_of_an_unknown_authority", "tls_unknown_ca", "tls"),
    unreachable("certificate_expired", "tls_expired", "tls"),
    unreachable("certificate_of_another_host", "tls_wrong_host", "tls"),
    unreachable("plain_http_where_tls_is_expected", "tls_to_plain", "tls"),
    unreachable("tls_handshake_that_never_comes", "silent_tls", "connect_timeout", "connect"),
]

BROKEN = [
    *broken("silent_after_the_request", (Wait(),), "read_timeout", "response"),
    *broken(
        "slow_headers",
        (b"HTTP/1.1 200 OK\r\n", Repeat(b"X-Wait: 1\r\n", 0.3)),
        "read_timeout",
        "response",
    ),
    *broken(
        "slow_body",
        (head("Content-Length: 9999"), Repeat(b" ", 0.2)),
        "read_timeout",
        "response",
    ),
    *broken(
        "never_ending_chunks", (CHUNKED, Repeat(b"1\r\n \r\n", 0.1)), "read_timeout", "response"
    ),
    *broken(
        "early_hints_for_ever",
        (Repeat(b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.2),),
        "read_timeout",
        "response",
    ),
    *broken("closed_without_an_answer", (), "connect_refused"),
    *broken("reset_before_the_answer", RESET, "connect_refused"),
    *broken(
        "reset_mid_body",
        (head("Content-Length: 500"), b'{"status": ', Wait(0.1), *RESET),
        "malformed_reply",
    ),
    *broken("shorter_than_it_says", (head("Content-Length: 500"), b"{}"), "malformed_reply"),
    *broken("broken_chunks", (CHUNKED, b"zz\r\n{}\r\n0\r\n\r\n"), "malformed_reply"),
    *broken("not_gzip_at_all", http(b'{"a": 1}', 200, "Content-Encoding: gzip"), "malformed_reply"),
    *broken("not_http_at_all", (b"220 mail.example ESMTP\r\n",), "malformed_reply"),
    *broken("negative_length", (head("Content-Length: -5"), b"{}"), "malformed_reply"),
    *broken("headers_without_end", (head(f"X-Big: {'x' * 100_000}"),), "malformed_reply"),
]

TOO_LARGE = [
    Scenario("huge_body", "failed", "reply_too_large", at_start(http(b" " * (9 * MIB)))),
    Scenario(
        "fast_body_without_end",
        "failed",
        "reply_too_large",
        at_start((CHUNKED, Repeat(b"10000\r\n" + b" " * 0x10000 + b"\r\n"))),
    ),
    Scenario(
        "compressed_bomb",
        "failed",
        "reply_too_large",
        at_start(http(BOMB, 200, "Content-Encoding: gzip")),
    ),
]

HARMLESS = [
    Scenario("over_tls", "success", None, at_start(RESULT), actual=OUTPUTS, home="tls"),
    Scenario(
        "ends_by_closing",
        "success",
        None,
        at_start((head("Connection: close"), json.dumps(DONE).encode())),
        actual=OUTPUTS,
    ),
]

SCENARIOS = [*UNREACHABLE, *BROKEN, *TOO_LARGE, *HARMLESS]
