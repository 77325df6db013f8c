"""What comes back of a request: the head, read once, and the body, unpacked and limited as it comes."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MAX_BODY = 8 * 1024 * 1024
"""Bytes of a body, unpacked, unless the client that asks says otherwise."""
READ = {
    name.encode(): name
    for name in (
        "x-render-routing",
        "content-type",
        "retry-after",
        "location",
        "operation-location",
        "azure-asyncoperation",
        "content-location",
        "date",
        "age",
        "warning",
        "content-range",
        "last-modified",
        "x-amz-function-error",
        "grpc-status",
    )
}
FRAMING = frozenset({b"content-length", b"transfer-encoding"})
REFUSED = 0  # what libcurl is told of a piece with which the transfer ends


@dataclass(slots=True)
class Head:
    """The headers that are read, by lower-case name, and how the body is packed. `ended`: nothing of
    it is missing; `sound`: it is HTTP/1 and says in one way alone where the body ends."""

    headers: dict[str, str]
    encoding: str = ""
    ended: bool = False
    sound: bool = True


def read_head(lines: Sequence[bytes]) -> Head:
    """The head of the final answer. Interim answers (1xx) come before it, trailers after it. Of a
    header that comes twice the first counts."""
    head, within, interim, framings = Head({}), False, False, 0
    for line in lines:
        if not within:
            if head.ended:
                break
            head, within, framings = Head({}, sound=line.startswith(b"HTTP/1.")), True, 0
            interim = line[9:10] == b"1" and line[9:12] != b"101"
            continue
        if line in (b"\r\n", b"\n"):
            head.ended, within = not interim, False
            continue
        name, _, value = line.partition(b":")
        name = name.lower()
        if name in READ:
            head.headers.setdefault(READ[name], _text(value))
        elif name in FRAMING:
            framings += 1
            head.sound &= framings == 1 and b"," not in value
        elif name == b"content-encoding":
            head.encoding = _text(value).lower()
        elif b" " in name:
            head.sound = False
    return head


def _text(value: bytes) -> str:
    return value.strip(b" \t\r\n").decode("utf-8", "surrogateescape")


class Body:
    """The body of one answer after the other; `lines` are those of the head, which is whole when the
    first piece of a body comes. `limit`: bytes of a body, packed and unpacked."""

    def __init__(self, lines: Sequence[bytes], limit: int = MAX_BODY) -> None:
        self.limit = limit
        self.too_large = False
        self._lines = lines
        self._head: Head | None = None
        self._packing: Packing | None = None
        self._pieces: list[bytes] = []
        self._size = self._packed = 0

    def forget(self) -> None:
        """Reset for the next answer; nothing of this one is kept."""
        self._head = self._packing = None
        self._pieces.clear()
        self._size = self._packed = 0
        self.too_large = False

    def take(self, piece: bytes) -> int | None:
        """One piece as it came over the wire. libcurl calls this: it may not raise."""
        if self._packed == 0:
            head = self.head()
            if not head.sound or head.encoding in UNREADABLE:
                return REFUSED
            self._packing = packing_of(head.encoding)
        self._packed += len(piece)
        if self._packing is not None:
            try:
                piece = self._packing.unpack(piece, self.limit + 1 - self._size)
            except zlib.error:
                return REFUSED
        self._size += len(piece)
        if self._size > self.limit or self._packed > self.limit:
            self.too_large = True
            return REFUSED
        self._pieces.append(piece)
        return None

    def head(self) -> Head:
        """The head, read when libcurl has it all: with the first piece of the body, or at the end."""
        if self._head is None:
            self._head = read_head(self._lines)
        return self._head

    def whole(self) -> bytes | None:
        """The unpacked body; None where the compressed data ends too early."""
        if self._packing is not None and not self._packing.whole:
            return None
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)


UNREADABLE = frozenset({"br", "zstd"})
"""Encodings that we never ask for and could not undo."""


def packing_of(encoding: str) -> "Packing | None":
    """How a body is packed; what is no encoding at all (such as utf-8) is left as it is."""
    if encoding == "gzip":
        return Packing(zlib.MAX_WBITS | 16)
    return Packing(zlib.MAX_WBITS) if encoding == "deflate" else None


class Packing:
    """gzip, of one or more members, or deflate, with the frame that it should have or without."""

    def __init__(self, window: int) -> None:
        self._window = window
        self._inflating = zlib.decompressobj(window)
        self._begun = False

    @property
    def whole(self) -> bool:
        """Whether the compressed data is complete."""
        return self._inflating.eof

    def unpack(self, piece: bytes, room: int) -> bytes:
        """The unpacked bytes of one piece, at most `room` of them."""
        if not self._begun and piece:
            self._begun = True
            if self._window == zlib.MAX_WBITS and piece[0] & 0xF != zlib.DEFLATED:
                self._inflating = zlib.decompressobj(-zlib.MAX_WBITS)
        unpacked = bytearray()
        while piece and len(unpacked) < room:
            if self._inflating.eof:
                if self._window == zlib.MAX_WBITS:
                    raise zlib.error("something follows the end")
                self._inflating = zlib.decompressobj(self._window)
            unpacked += self._inflating.decompress(piece, room - len(unpacked))
            piece = self._inflating.unconsumed_tail or self._inflating.unused_data
        return bytes(unpacked)
