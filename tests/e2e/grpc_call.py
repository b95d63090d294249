"""A gRPC call with the standard library alone: one request message, the answer's messages as bytes."""

import contextlib
import socket
import ssl
import struct
from typing import Iterator, Mapping

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, PING, GOAWAY = 0, 1, 4, 6, 7
END_STREAM, ACK, END_HEADERS = 1, 1, 4
STREAM = 1


def call(address: tuple[str, int], method: str, message: bytes, metadata: Mapping[str, str] = {},
         tls: ssl.SSLContext | None = None) -> list[bytes]:
    """`method` as in a URL: /package.Service/Method. An error answers with no message."""
    with contextlib.closing(connect(address, tls)) as connection:
        headers = {":method": "POST", ":scheme": "https" if tls else "http", ":path": method, ":authority": address[0],
                   "content-type": "application/grpc", "te": "trailers", **metadata}
        connection.sendall(
            PREFACE + _frame(SETTINGS, 0, 0, b"")
            + _frame(HEADERS, END_HEADERS, STREAM, b"".join(_literal(*header) for header in headers.items()))
            + _frame(DATA, END_STREAM, STREAM, struct.pack(">BI", 0, len(message)) + message))
        return list(_messages(_read_stream(connection)))


def connect(address: tuple[str, int], tls: ssl.SSLContext | None = None) -> socket.socket:
    plain = socket.create_connection(address, timeout=10)
    if tls is None:
        return plain
    tls.set_alpn_protocols(["h2"])
    return tls.wrap_socket(plain, server_hostname=address[0])


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _literal(name: str, value: str) -> bytes:
    """HPACK: a literal that is not indexed, with a new name."""
    return b"\0" + _length(len(name)) + name.encode() + _length(len(value)) + value.encode()


def _length(length: int) -> bytes:
    """HPACK: an integer with a prefix of seven bits."""
    if length < 127:
        return bytes([length])
    rest, encoded = length - 127, bytearray([127])
    while rest >= 128:
        encoded.append(rest % 128 + 128)
        rest //= 128
    return bytes(encoded + bytes([rest]))


def _read_stream(connection: socket.socket) -> bytes:
    received = b""
    with connection.makefile("rb") as file:
        while header := file.read(9):
            length = int.from_bytes(header[:3], "big")
            kind, flags, stream = struct.unpack(">BBI", header[3:])
            payload = file.read(length)
            if kind == SETTINGS and not flags & ACK:
                connection.sendall(_frame(SETTINGS, ACK, 0, b""))
            elif kind == PING and not flags & ACK:
                connection.sendall(_frame(PING, ACK, 0, payload))
            elif kind == GOAWAY:
                break
            if stream == STREAM:
                received += payload if kind == DATA else b""
                if flags & END_STREAM and kind in (DATA, HEADERS):
                    break
    return received


def _messages(received: bytes) -> Iterator[bytes]:
    while received:
        _, length = struct.unpack(">BI", received[:5])
        yield received[5:5 + length]
        received = received[5 + length:]
