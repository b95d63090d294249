"""What the gateway does before a route sees a request, and with the answer after: limits, CORS, TLS, gzip."""

import contextlib
import http.client
import json
import socket
import ssl
import subprocess
import unittest
import urllib.parse
from pathlib import Path
from typing import Iterator

from client import PASSWORD, call
from stack import Stack
from twin import Twin

TIMEOUT_SECONDS = 30
SLOW_CLIENTS = 500
# What a connection may cost that has sent half a request, generously.
BYTES_PER_CLIENT = 64 * 1024
ORIGIN = "https://app.example"


@contextlib.contextmanager
def gateway(stack: Stack, **settings: str) -> Iterator[Twin]:
    twin = Twin(stack, "gateway", **settings)
    try:
        twin.await_ready()
        yield twin
    finally:
        twin.kill()


def connected(address: str) -> socket.socket:
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_SECONDS)


def answer_on(connection: socket.socket) -> http.client.HTTPResponse:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer


def resident_bytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


class LimitsTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()

    def test_500_half_requests_leave_normal_ones_as_they_were_and_memory_bounded(self):
        user = self.stack.user()
        desk = user.device("desk")
        desk.sync(desk.new_task("before"))
        half = f"POST /sync HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {user.token}\r\nContent-Length: 100\r\n\r\n{{"
        before = resident_bytes(self.stack.pid("gateway"))
        with contextlib.ExitStack() as slow:
            for _ in range(SLOW_CLIENTS):
                slow.enter_context(connected(urllib.parse.urlparse(self.stack.url).netloc)).sendall(half.encode())
            for number in range(20):
                self.assertEqual(desk.check().status, 304)
                self.assertEqual(desk.sync(desk.new_task(f"task {number}")).status, 200)
            grown = resident_bytes(self.stack.pid("gateway")) - before
        self.assertLess(grown, SLOW_CLIENTS * BYTES_PER_CLIENT)
        self.assertEqual(len(desk.contents), 21)

    def test_a_slow_request_is_408(self):
        with gateway(self.stack, read_timeout="1s") as twin, connected(twin.address) as slow:
            slow.sendall(b"GET /livez HTTP/1.1\r\nHos")
            answer = answer_on(slow)
            self.assertEqual((answer.status, json.load(answer)["code"]), (408, "request_timeout"))

    def test_one_connection_too_many_is_503_with_a_time_to_come_again(self):
        with gateway(self.stack, connections_max="1") as twin, connected(twin.address) as first:
            first.sendall(b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n")
            self.assertEqual(answer_on(first).status, 200)
            answer = call(f"http://{twin.address}", "GET", "/livez")
            self.assertEqual((answer.status, answer.code), (503, "unavailable"))
            self.assertEqual(answer.headers["retry-after"], str(answer.json["retry_after"]))


class CorsTest(unittest.TestCase):
    def test_a_page_of_an_allowed_origin_may_ask_first_and_then_read_the_answer(self):
        stack = Stack.shared()
        with gateway(stack, cors_origins=ORIGIN) as twin:
            base = f"http://{twin.address}"
            asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
            preflight = call(base, "OPTIONS", "/sync", headers=asked)
            self.assertEqual((preflight.status, preflight.body), (204, b""))
            self.assertEqual(preflight.headers["access-control-allow-origin"], ORIGIN)
            self.assertIn("POST", preflight.headers["access-control-allow-methods"])
            self.assertIn("Authorization", preflight.headers["access-control-allow-headers"])
            for answer in (stack.user().through(base).call("GET", "/sync/check", headers={"Origin": ORIGIN}),
                           call(base, "GET", "/sync/check", headers={"Origin": ORIGIN})):
                self.assertEqual(answer.headers["access-control-allow-origin"], ORIGIN)
                self.assertIn("ETag", answer.headers["access-control-expose-headers"])
                self.assertEqual(answer.headers["vary"], "Origin")
            other = call(base, "OPTIONS", "/sync", headers=asked | {"Origin": "https://evil.example"})
            self.assertNotIn("access-control-allow-origin", other.headers)

    def test_without_a_list_no_other_page_may(self):
        answer = Stack.shared().call("GET", "/livez", headers={"Origin": ORIGIN})
        self.assertFalse([name for name in answer.headers if name.startswith("access-control")], answer)


class TlsTest(unittest.TestCase):
    def test_the_whole_api_is_served_over_tls(self):
        stack = Stack.shared()
        certificate, key = stack.data / "certificate.pem", stack.data / "key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "1", "-subj", "/CN=tidemark", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        key.chmod(0o644)  # whatever user the gateway has
        trusting = ssl.create_default_context(cafile=certificate)
        with gateway(stack, tls_certificate=str(certificate), tls_key=str(key)) as twin:
            connection = http.client.HTTPSConnection(twin.address, context=trusting, timeout=TIMEOUT_SECONDS)
            with contextlib.closing(connection):
                body = json.dumps({"email": "tls@example.com", "password": PASSWORD})
                connection.request("POST", "/auth/register", body)
                token = json.load(connection.getresponse())["access_token"]
                authorized = {"Authorization": f"Bearer {token}"}
                connection.request("POST", "/sync", "{}", authorized)
                etag = json.load(connection.getresponse())["etag"]
                connection.request("GET", "/sync/stream", headers=authorized)
                stream = connection.getresponse()
                self.assertIn(etag, stream.readline().decode())


class GzipTest(unittest.TestCase):
    def setUp(self):
        self.user = Stack.shared().user()
        desk = self.user.device("desk")
        desk.sync(*(desk.new_task(f"a task of many, number {number}") for number in range(200)))

    def test_a_first_pull_is_the_same_as_gzip_under_the_same_etag(self):
        plain = self.user.call("POST", "/sync", {"last_sync": 0})
        small = self.user.call("POST", "/sync", {"last_sync": 0}, {"Accept-Encoding": "gzip"})
        self.assertNotIn("content-encoding", plain.headers)
        self.assertEqual(small.headers["content-encoding"], "gzip")
        self.assertLess(len(small.body), len(plain.body) / 3)
        self.assertEqual(json.loads(small.decoded)["updates"], plain.json["updates"])
        self.assertEqual(small.headers["etag"], plain.headers["etag"])
        check = self.user.call("GET", "/sync/check", headers={"If-None-Match": small.headers["etag"],
                                                              "Accept-Encoding": "gzip"})
        self.assertEqual((check.status, check.headers["etag"]), (304, plain.headers["etag"]))

    def test_an_export_is_compressed_while_it_streams(self):
        answer = self.user.call("GET", "/export", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(answer.headers["content-encoding"], "gzip")
        self.assertEqual(len(json.loads(answer.decoded)["tasks"]), 200)

    def test_the_pages_files_have_an_etag_per_coding_and_are_not_sent_again(self):
        page = Stack.shared().call("GET", "/")
        script = page.body.decode().split('src="', 1)[1].split('"', 1)[0]
        # A file of the page is not of the contract.
        plain = Stack.shared().call("GET", script, described=False)
        small = Stack.shared().call("GET", script, headers={"Accept-Encoding": "gzip"}, described=False)
        self.assertEqual(small.decoded, plain.body)
        self.assertNotEqual(small.headers["etag"], plain.headers["etag"])
        self.assertEqual(small.headers["cache-control"], "public, max-age=31536000, immutable")
        asked = {"Accept-Encoding": "gzip", "If-None-Match": small.headers["etag"]}
        again = Stack.shared().call("GET", script, headers=asked, described=False)
        self.assertEqual((again.status, again.body), (304, b""))


class HeadTest(unittest.TestCase):
    def test_head_has_the_headers_of_get_and_no_body(self):
        user = Stack.shared().user()
        for path in ("/", "/livez", "/sync/check", "/devices", "/nowhere", "/.well-known/jwks.json"):
            with self.subTest(path):
                got, head = (user.call(method, path, headers={"X-Request-Id": "same"}) for method in ("GET", "HEAD"))
                self.assertEqual((head.status, head.body), (got.status, b""))
                for headers in (got.headers, head.headers):
                    for varying in ("date", "ratelimit"):
                        headers.pop(varying, None)
                self.assertEqual(head.headers, got.headers)
