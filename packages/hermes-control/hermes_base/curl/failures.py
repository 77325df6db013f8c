"""Which reason of the closed list it is when libcurl brings no whole answer."""

import errno
import os

import pycurl

from hermes_base.curl.transfers import Outcome, Request, Transfer
from hermes_base.reasons import Failure, Reason

LONGEST_LINE = 16_384  # proxies add long policy and cookie headers
LONGEST_HEAD = 250_000  # libcurl itself ends at 300 kB, as if the connection had
MIB = 1024 * 1024
WEIRD_REPLY = pycurl.E_FTP_WEIRD_SERVER_REPLY  # the same code for HTTP, under its first name
UNEXPECTED_END = "0A000126"  # OpenSSL's code: closed in the middle of the handshake
HUNG_UP = frozenset({errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED})
NO_ADDRESS = frozenset({pycurl.E_URL_MALFORMAT, pycurl.E_UNSUPPORTED_PROTOCOL})
NO_HTTP = frozenset(
    {pycurl.E_UNSUPPORTED_PROTOCOL, WEIRD_REPLY, pycurl.E_BAD_CONTENT_ENCODING}
)  # also what is encoded in transfer in a way that nobody asked for
OF_TLS = frozenset(
    {
        pycurl.E_SSL_CONNECT_ERROR,
        pycurl.E_PEER_FAILED_VERIFICATION,
        pycurl.E_SSL_CACERT_BADFILE,
        pycurl.E_SSL_ISSUER_ERROR,
        pycurl.E_SSL_INVALIDCERTSTATUS,
        pycurl.E_SSL_CIPHER,
        pycurl.E_SSL_CERTPROBLEM,
    }
)


def failure_of(transfer: Transfer, outcome: Outcome, url: str, request: Request) -> Failure:
    """Nothing was sent until libcurl has asked. What came of it then, only the worker knows."""
    code, words = outcome
    if transfer.asked:
        return _after_sending(transfer, code, url, request)
    if code == pycurl.E_OPERATION_TIMEDOUT:
        detail = f"{url} did not accept a connection within {request.connect / 1000:g} s."
        return Failure(Reason.CONNECT_TIMEOUT, detail)
    if code == pycurl.E_COULDNT_RESOLVE_HOST:
        return Failure(Reason.DNS, f"{url}: the host name does not resolve.")
    if code in NO_ADDRESS:
        return Failure(Reason.SECRET_MALFORMED, f"{url} is not a usable address.")
    number = int(transfer.handle.getinfo(pycurl.OS_ERRNO))
    if code in OF_TLS and number not in HUNG_UP and UNEXPECTED_END not in words:
        return Failure(Reason.TLS, f"{url}: TLS: {words.rpartition('::')[2]}.")
    message = os.strerror(number) if number else "the connection was closed before it was open"
    return Failure(Reason.CONNECT_REFUSED, f"{url}: {message}.")


def _after_sending(transfer: Transfer, code: int, url: str, request: Request) -> Failure:
    head = transfer.body.head()
    if transfer.body.too_large:
        detail = f"{url} sent more than {transfer.body.limit // MIB} MiB."
        return Failure(Reason.REPLY_TOO_LARGE, detail)
    if code == pycurl.E_OPERATION_TIMEDOUT:
        detail = f"{url} did not send a complete response within {request.total / 1000:g} s."
        return Failure(Reason.READ_TIMEOUT, detail, sent=True)
    if code in NO_HTTP or not head.sound or too_long(transfer.head):
        detail = f"{url} did not send a valid HTTP response."
        return Failure(Reason.MALFORMED_REPLY, detail, sent=True)
    if head.ended:
        detail = f"{url}: the response was cut off or its encoding is broken."
        return Failure(Reason.MALFORMED_REPLY, detail, sent=True)
    detail = f"{url} closed the connection without a response."
    return Failure(Reason.CONNECT_REFUSED, detail, sent=True)


def too_long(head: list[bytes]) -> bool:
    """Whether a line of the head, or all of it, is longer than we read."""
    whole = sum(map(len, head))
    return whole > LONGEST_LINE and (whole > LONGEST_HEAD or max(map(len, head)) > LONGEST_LINE)
