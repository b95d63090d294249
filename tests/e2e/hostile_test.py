"""What nobody sends by mistake: each is told what is wrong with it, and none changes anything.

Where it can, a row carries a change that would be stored if any part of it were taken for a good request.
"""

import json
import socket
import unittest
import urllib.parse
from typing import Any, NamedTuple

from client import Answer
from stack import Stack

TIMEOUT_SECONDS = 30

CHANGE = {"id": "smuggled", "mutation_id": 1, "version": 1, "updated_at": 1_735_689_650_000, "content": "smuggled"}
PUSH = json.dumps({"last_sync": 0, "device_id": "smuggler", "changes": [CHANGE]}).encode()
PUSH_CHUNK = b"%x\r\n%s\r\n" % (len(PUSH), PUSH)
HEADERS_MAX = 16 * 1024
BODY_MAX = 2 * 1024 * 1024


class Row(NamedTuple):
    name: str
    sent: bytes
    status: int
    code: str


def request(line: bytes = b"POST /sync HTTP/1.1", headers: tuple[bytes, ...] = (), body: bytes = PUSH,
            has_length: bool = True, kind: bytes = b"application/json") -> bytes:
    """`TOKEN` stands for the user's."""
    length = (b"Content-Length: %d" % len(body),) if has_length else ()
    lines = (line, b"Host: h", b"Authorization: Bearer TOKEN", b"Content-Type: " + kind, *length, *headers)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def framed(*headers: bytes, body: bytes = PUSH) -> bytes:
    """Tells the length of its body by these headers alone."""
    return request(headers=headers, body=body, has_length=False)


def chunked(body: bytes) -> bytes:
    return framed(b"Transfer-Encoding: chunked", body=body)


def get(target: bytes, *headers: bytes) -> bytes:
    return request(b"GET " + target + b" HTTP/1.1", headers, b"", has_length=False)


LENGTH = b"Content-Length: %d" % len(PUSH)
CHUNKED = b"Transfer-Encoding: chunked"

FRAMING = [
    Row("two lengths", framed(LENGTH, b"Content-Length: 3"), 400, "malformed_request"),
    Row("the same length twice", framed(LENGTH, LENGTH), 400, "malformed_request"),
    Row("a list of lengths", framed(LENGTH + b", %d" % len(PUSH)), 400, "malformed_request"),
    Row("a negative length", framed(b"Content-Length: -5"), 400, "malformed_request"),
    Row("a signed length", framed(b"Content-Length: +%d" % len(PUSH)), 400, "malformed_request"),
    Row("a length in hex", framed(b"Content-Length: %#x" % len(PUSH)), 400, "malformed_request"),
    Row("a length that is no number", framed(b"Content-Length: all"), 400, "malformed_request"),
    Row("a length above 64 bits", framed(b"Content-Length: 18446744073709551617"), 400, "malformed_request"),
    Row("a length and chunks", framed(LENGTH, CHUNKED, body=PUSH_CHUNK), 400, "malformed_request"),
    Row("chunks and a length", framed(CHUNKED, LENGTH, body=PUSH_CHUNK), 400, "malformed_request"),
    Row("chunked twice", framed(CHUNKED, CHUNKED, body=PUSH_CHUNK + b"0\r\n\r\n"), 400, "malformed_request"),
    Row("a coding before chunked", framed(b"Transfer-Encoding: gzip, chunked", body=PUSH_CHUNK), 400,
        "malformed_request"),
    Row("a coding alone", framed(b"Transfer-Encoding: gzip"), 400, "malformed_request"),
    Row("almost chunked", framed(b"Transfer-Encoding: xchunked", LENGTH), 400, "malformed_request"),
    Row("chunked behind a vertical tab", framed(b"Transfer-Encoding: \x0bchunked", LENGTH), 400, "malformed_request"),
    Row("chunked on a folded line", framed(b"Transfer-Encoding:\r\n chunked", body=PUSH_CHUNK), 400,
        "malformed_request"),
    Row("a chunk size that is no number", chunked(b"zz\r\n" + PUSH + b"\r\n0\r\n\r\n"), 400, "malformed_request"),
    Row("a negative chunk size", chunked(b"-1\r\n" + PUSH + b"\r\n0\r\n\r\n"), 400, "malformed_request"),
    Row("a chunk size above 64 bits", chunked(b"1" + b"0" * 16 + b"\r\n" + PUSH), 400, "malformed_request"),
    Row("a chunk above the limit", chunked(b"FFFFFFF\r\n" + PUSH), 413, "body_too_large"),
    Row("a chunk longer than its size", chunked(b"1\r\n" + PUSH + b"\r\n0\r\n\r\n"), 400, "malformed_request"),
    Row("a chunk size that ends in a bare LF", chunked(b"%x\n%s\r\n0\r\n\r\n" % (len(PUSH), PUSH)), 400, "malformed_request"),
    Row("a length as trailer", chunked(PUSH_CHUNK + b"0\r\nContent-Length: 5\r\n\r\n"), 400, "malformed_request"),
    Row("a body above the limit", framed(b"Content-Length: %d" % (BODY_MAX + 1)), 413, "body_too_large"),
]

LINES = [
    Row("no HTTP", b"hello\r\n\r\n", 400, "malformed_request"),
    Row("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "malformed_request"),
    Row("HTTP/0.9", b"GET /\r\n\r\n", 400, "malformed_request"),
    Row("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "malformed_request"),
    Row("a blank before the colon", request(headers=(b"X : 1",)), 400, "malformed_request"),
    Row("a folded header", request(headers=(b"X: 1", b" 2")), 400, "malformed_request"),
    Row("a NUL in a header", request(headers=(b"X: a\0b",)), 400, "malformed_request"),
    Row("a bare LF in a header", request(headers=(b"X: a\nY: b",)), 400, "malformed_request"),
    Row("a bare CR in a header", request(headers=(b"X: a\rY: b",)), 400, "malformed_request"),
    Row("a header without name", request(headers=(b": 1",)), 400, "malformed_request"),
    Row("two hosts", request(headers=(b"Host: i",)), 400, "malformed_request"),
    Row("no host", b"GET /sync/check HTTP/1.1\r\n\r\n", 400, "malformed_request"),
    Row("a header above the limit", request(headers=(b"X: " + b"x" * HEADERS_MAX,)), 431, "headers_too_large"),
    Row("headers above the limit", request(headers=(b"X: 1",) * (HEADERS_MAX // 6)), 431, "headers_too_large"),
    Row("a target above the limit", get(b"/" + b"a" * HEADERS_MAX), 431, "headers_too_large"),
    Row("two blanks in the request line", request(b"POST  /sync HTTP/1.1"), 400, "malformed_request"),
    Row("a method in brackets", request(b"(POST) /sync HTTP/1.1"), 400, "malformed_request"),
    Row("a method in lower case", request(b"post /sync HTTP/1.1"), 405, "method_not_allowed"),
    Row("a method of ours that is none here", request(b"PUT /sync HTTP/1.1"), 405, "method_not_allowed"),
    Row("TRACE", request(b"TRACE /sync HTTP/1.1"), 405, "method_not_allowed"),
    Row("CONNECT", request(b"CONNECT h:443 HTTP/1.1"), 400, "malformed_request"),
    Row("a target on another host", request(b"POST http://evil.example/sync HTTP/1.1"), 400, "malformed_request"),
    Row("a relative target", request(b"POST sync HTTP/1.1"), 400, "malformed_request"),
    Row("a NUL in the target", get(b"/sync/check?device_id=%00"), 400, "malformed_request"),
    Row("a target that is no text", get(b"/sync/check?device_id=%ff"), 400, "malformed_request"),
    Row("a broken escape", get(b"/sync/check?device_id=%zz"), 400, "malformed_request"),
    Row("a path out of the page's folder", get(b"/../../etc/passwd"), 404, "not_found"),
    Row("the same, encoded", get(b"/%2e%2e/%2e%2e/etc/passwd"), 404, "not_found"),
    Row("a slash too many", request(b"POST //sync HTTP/1.1"), 404, "not_found"),
    Row("no token", b"POST /sync HTTP/1.1\r\nHost: h\r\n" + LENGTH + b"\r\n\r\n" + PUSH, 401, "missing_token"),
    Row("two tokens", request(headers=(b"Authorization: Bearer x",)), 401, "invalid_token"),
    Row("a token that is no text", b"POST /sync HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \xff\r\n" + LENGTH +
        b"\r\n\r\n" + PUSH, 401, "invalid_token"),
    Row("a form", request(kind=b"application/x-www-form-urlencoded"), 415, "unsupported_media_type"),
    Row("JSON and a form", request(headers=(b"Content-Type: application/x-www-form-urlencoded",)), 415,
        "unsupported_media_type"),
    Row("a compressed body", request(headers=(b"Content-Encoding: gzip",)), 415, "unsupported_media_type"),
]


def sync(name: str, body: bytes, code: str, status: int = 400, path: bytes = b"/sync") -> Row:
    return Row(name, request(b"POST " + path + b" HTTP/1.1", body=body), status, code)


def change(name: str, code: str = "bad_type", **members: Any) -> Row:
    """The good change, and then one with these members."""
    return sync(name, json.dumps({"changes": [CHANGE, CHANGE | {"mutation_id": 2} | members]}).encode(), code)


BODIES = [
    sync("no JSON", b"{not json", "malformed_json"),
    sync("a cut body", PUSH[:-1], "malformed_json"),
    sync("two documents", PUSH + PUSH, "malformed_json"),
    sync("a comma too many", PUSH[:-1] + b",}", "malformed_json"),
    sync("a comment", b"/**/" + PUSH, "malformed_json"),
    sync("single quotes", b"{'changes':[]}", "malformed_json"),
    sync("not a number", b'{"last_sync":NaN}', "malformed_json"),
    sync("a leading zero", b'{"last_sync":01}', "malformed_json"),
    sync("a number in hex", b'{"last_sync":0x1}', "malformed_json"),
    sync("a byte that is no text", b'{"device_id":"\xff"}', "malformed_json"),
    sync("an over-long encoding", b'{"device_id":"\xc0\xaf"}', "malformed_json"),
    sync("half a surrogate pair", b'{"device_id":"\\ud800"}', "malformed_json"),
    sync("a byte order mark", b"\xef\xbb\xbf" + PUSH, "malformed_json"),
    sync("a line break in a text", b'{"device_id":"a\nb"}', "malformed_json"),
    sync("a million arrays", b"[" * 1_000_000, "malformed_json"),
    sync("a million objects", b'{"a":' * 300_000, "malformed_json"),
    sync("a NUL behind the document", PUSH + b"\0", "malformed_json"),
    sync("an array", b"[" + PUSH + b"]", "bad_type"),
    sync("a text", b'"x"', "bad_type"),
    sync("null", b"null", "bad_type"),
    sync("changes that are no array", b'{"changes":{}}', "bad_type"),
    sync("a change that is no object", b'{"changes":[[]]}', "bad_type"),
    sync("a cursor in quotes", b'{"last_sync":"0"}', "bad_type"),
    sync("a cursor with a fraction", b'{"last_sync":0.5}', "bad_type"),
    sync("a cursor above 64 bits", b'{"last_sync":9223372036854775808}', "bad_type"),
    sync("a cursor without end", b'{"last_sync":1e400}', "bad_type"),
    sync("a device that is a number", b'{"device_id":7}', "bad_type"),
    change("an id that is null", id=None),
    change("an id that is an object", id={}),
    change("a content that is an array", content=["x"]),
    change("a flag that is a number", completed=1),
    change("a flag in quotes", pinned="true"),
    change("a version in quotes", version="1"),
    change("a time that is true", updated_at=True),
    change("a number of a change that is a fraction", mutation_id=1.5),
    sync("1,001 changes", json.dumps({"changes": [CHANGE] * 1001}).encode(), "too_many_changes", 413),
    sync("a V1 body that is no JSON", b"{", "malformed_json", path=b"/v1/sync"),
    sync("V1 changes that are no array", b'{"changes":1}', "bad_type", path=b"/v1/sync"),
    sync("a login that is an array", b"[]", "bad_type", path=b"/auth/login"),
    sync("a password that is a number", b'{"email":"a@example.org","password":1}', "bad_type", path=b"/auth/register"),
    sync("a refresh token that is an object", b'{"refresh_token":{}}', "bad_type", path=b"/auth/refresh"),
]


class HostileTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        self.desk = self.user.device("desk")
        self.desk.sync(self.desk.new_task("what was there"))

    def answer_to(self, sent: bytes) -> Answer:
        """Fails after TIMEOUT_SECONDS without one."""
        url = urllib.parse.urlparse(self.stack.url)
        with socket.create_connection((url.hostname, url.port), timeout=TIMEOUT_SECONDS) as connection:
            connection.sendall(sent.replace(b"TOKEN", self.user.token.encode()))
            return read_answer(connection)

    def check(self, rows: list[Row]) -> None:
        gateway = self.stack.pid("gateway")
        for row in rows:
            with self.subTest(row.name):
                answer = self.answer_to(row.sent)
                self.assertEqual((answer.status, answer.code), (row.status, row.code), answer)
                self.assertEqual(answer.json["status"], row.status)
                self.assertEqual(answer.json["request_id"], answer.headers["x-request-id"])
        self.assertEqual(self.desk.check().status, 304, "the state of the tasks is another")
        fresh = self.user.device("fresh")
        fresh.sync()
        self.assertEqual(list(fresh.contents.values()), ["what was there"])
        self.assertEqual(self.stack.pid("gateway"), gateway)

    def test_lengths_and_chunks_that_two_readers_could_cut_differently(self):
        self.check(FRAMING)

    def test_request_lines_headers_and_targets(self):
        self.check(LINES)

    def test_bodies(self):
        self.check(BODIES)

    def test_the_change_that_the_rows_carry_would_be_stored(self):
        self.assertEqual(self.answer_to(request()).status, 200)
        self.assertEqual(self.desk.check().status, 200)

    def test_what_follows_a_refused_request_is_not_read(self):
        for row in FRAMING:
            with self.subTest(row.name):
                self.assertEqual(self.answer_to(row.sent + request()).status, row.status)
        self.assertEqual(self.desk.check().status, 304)


def read_answer(connection: socket.socket) -> Answer:
    with connection.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        headers = []
        while line := stream.readline().strip():
            name, value = line.decode().split(": ", 1)
            headers.append((name, value))
        length = int(dict(headers).get("Content-Length", 0))
        return Answer(status, headers, stream.read(length))
