"""All four processes, who know each other by certificates and have no token."""

import ssl
import unittest
from pathlib import Path
from typing import Callable

import auth_service
import grpc_call
from authority import Authority, trust
from client import PASSWORD, Device, User, call
from stack import Stack, eventually, scratch
from stored import query
from stream_test import LiveStream
from supervisor import ports
from twin import Twin

SERVICES = ("ratelimit", "sync", "auth")
GET_STATUS = "/tidemark.v1.StatusService/GetStatus"
ERASE_USER = "/tidemark.v1.SyncService/EraseUser"
ACQUIRE = "/tidemark.v1.RateLimitService/Acquire"
READ, NOT_READ = "tls_certificate_read", "tls_certificate_not_read"


def host_and_port(twin: Twin) -> tuple[str, int]:
    host, port = twin.address.rsplit(":", 1)
    return host, int(port)


class Installation:
    """Beside a stack, on its stores. Each process has a folder, with files named as cert-manager names them."""

    def __init__(self, stack: Stack, authority: Authority):
        self.folder = scratch("mtls")
        self.authority = authority
        for name in (*SERVICES, "gateway"):
            authority.sign(self.folder / name, f"tidemark-{name}")
            trust(self.folder / name / "ca.crt", authority)
        auth_address = f"{ports.HOST}:{ports.choose(('own',), {})['own']}"
        self.ratelimit = Twin(stack, "ratelimit", **self._own("ratelimit"))
        self.sync = Twin(stack, "sync", auth_address=auth_address, ratelimit_address=self.ratelimit.address,
                         **self._own("sync"), **self.peers("sync"))
        self.auth = Twin(stack, "auth", address=auth_address, sync_address=self.sync.address,
                         ratelimit_address=self.ratelimit.address, **self._own("auth"), **self.peers("auth"))
        self.gateway = Twin(stack, "gateway", sync_address=self.sync.address, auth_address=auth_address,
                            service_token="", **self.peers("gateway"))
        self.twins = {"ratelimit": self.ratelimit, "sync": self.sync, "auth": self.auth, "gateway": self.gateway}

    def await_ready(self) -> None:
        for twin in self.twins.values():
            twin.await_ready()

    def kill(self) -> None:
        for twin in self.twins.values():
            if twin.runs:
                twin.kill()

    @property
    def url(self) -> str:
        return f"http://{self.gateway.address}"

    def file(self, name: str, of: str) -> Path:
        return self.folder / of / name

    def _own(self, name: str) -> dict[str, str]:
        return {"service_token": "", "tls_cert_file": str(self.file("tls.crt", name)),
                "tls_key_file": str(self.file("tls.key", name)), "tls_client_ca_file": str(self.file("ca.crt", name))}

    def peers(self, name: str) -> dict[str, str]:
        return {"peer_ca_file": str(self.file("ca.crt", name)), "peer_cert_file": str(self.file("tls.crt", name)),
                "peer_key_file": str(self.file("tls.key", name))}

    def caller(self, shows: Path | None) -> ssl.SSLContext:
        """One who believes the services, and shows the certificate in a folder, or none."""
        context = ssl.create_default_context(cafile=self.authority.certificate)
        if shows:
            context.load_cert_chain(shows / "tls.crt", shows / "tls.key")
        return context


class MtlsTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.authority = Authority("tidemark")
        self.services = Installation(self.stack, self.authority)
        self.addCleanup(self.services.kill)
        self.services.await_ready()

    def is_served(self, service: str, method: str, message: bytes, shows: Path | None) -> bool:
        """Whoever is not let in has the connection closed, or gets an error."""
        try:
            address = host_and_port(self.services.twins[service])
            return grpc_call.call(address, method, message, tls=self.services.caller(shows)) != []
        except (ssl.SSLError, ConnectionError):
            return False

    def shown_by(self, service: str) -> str:
        """The certificate of new connections, in PEM."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with grpc_call.connect(host_and_port(self.services.twins[service]), context) as connection:
            return ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True))

    def certificate_of(self, service: str) -> str:
        return self.services.file("tls.crt", service).read_text()

    def test_a_persons_whole_journey_needs_no_token_of_the_services(self):
        user = User(self.services.url)
        desk, phone = user.device("desk"), user.device("phone")
        stream = LiveStream(user)
        self.addCleanup(stream.close)
        stream.head()
        self.assertEqual(desk.sync(desk.new_task("Buy milk")).status, 200)
        self.assertEqual(stream.head(), desk.etag)
        phone.sync()
        self.assertEqual(phone.contents, desk.contents)
        self.assertEqual(phone.check().status, 304)
        # The buckets are ratelimit's, the day is what all have reported to it.
        self.assertEqual(user.call("GET", "/usage").status, 200)
        self.assertEqual(user.call("GET", "/export").status, 200)
        # A session that ends is told by auth to sync.
        self.assertEqual(user.call("POST", "/auth/logout", {"refresh_token": user.refresh_token}).status, 204)
        self.assertEqual(phone.check().status, 401)
        # An account that goes takes the tasks with it.
        answer = call(user.base, "POST", "/auth/login", {"email": user.email, "password": PASSWORD})
        user.take(answer.json)
        self.assertEqual(user.call("DELETE", "/auth/account", {"password": PASSWORD}).status, 204)
        self.assertEqual(query(self.stack, f"select count(*) from sync.tasks where user_id = '{user.id}'"), "0")

    def test_internal_rpcs_are_for_certificates_of_the_authority(self):
        user = User(self.services.url)
        desk = user.device("desk")
        desk.sync(desk.new_task("Buy milk"))
        self.authority.sign(self.services.folder / "another", "another")
        Authority("stranger").sign(self.services.folder / "stranger", "tidemark-gateway")
        another, stranger = self.services.folder / "another", self.services.folder / "stranger"
        erase = auth_service.text_field(1, user.id)
        for service, method, message in (*((service, GET_STATUS, b"") for service in SERVICES),
                                         ("ratelimit", ACQUIRE, b""), ("sync", ERASE_USER, erase)):
            with self.subTest(service=service, method=method):
                for shows in (None, stranger):
                    self.assertFalse(self.is_served(service, method, message, shows))
        self.assertEqual(desk.check().status, 304)
        for service in SERVICES:
            self.assertTrue(self.is_served(service, GET_STATUS, b"", another))
        self.assertTrue(self.is_served("sync", ERASE_USER, erase, another))
        self.assertEqual(query(self.stack, f"select count(*) from sync.tasks where user_id = '{user.id}'"), "0")

    def test_a_native_client_without_a_certificate_is_a_person_and_not_a_service(self):
        check = "/tidemark.v1.SyncService/Check"
        user = User(self.services.url)
        address, nobody = host_and_port(self.services.sync), self.services.caller(None)
        own = {"authorization": f"Bearer {user.token}"}
        self.assertEqual(len(grpc_call.call(address, check, b"", own, nobody)), 1)
        self.assertEqual(grpc_call.call(address, check, b"", {}, nobody), [])

    def test_plaintext_is_refused(self):
        for service in SERVICES:
            with self.subTest(service):
                try:
                    told = grpc_call.call(host_and_port(self.services.twins[service]), GET_STATUS, b"")
                except ConnectionError:
                    told = []
                self.assertEqual(told, [])
        gateway = Twin(self.stack, "gateway", sync_address=self.services.sync.address,
                       auth_address=self.services.auth.address)
        self.addCleanup(gateway.kill)
        user = self.stack.user().through(f"http://{gateway.address}")
        self.assertEqual(user.call("GET", "/sync/check").status, 503)
        self.assertFalse(gateway.is_ready())

    def test_replicas_of_both_kinds_serve_side_by_side_while_callers_are_replaced(self):
        both = {f"{service}_address": f"ipv4:{self.stack.env()[f'TIDEMARK_{service.upper()}_ADDRESS']},"
                                      f"{self.services.twins[service].address}" for service in ("sync", "auth")}
        settings = {"plaintext": {}, "TLS": {"service_token": "", **self.services.peers("gateway")}}
        for kind, own in settings.items():
            with self.subTest(kind):
                gateway = Twin(self.stack, "gateway", **both, **own)
                self.addCleanup(gateway.kill)
                gateway.await_ready()
                user = User(f"http://{gateway.address}")
                desk = user.device("desk")
                for number in range(50):
                    desk.sync(desk.new_task(f"task {number}"))
                    self.assertEqual(desk.check().status, 304)
                    self.assertEqual(user.call("GET", "/auth/sessions").status, 200)

    def test_files_that_are_broken_change_nothing_and_are_told_of(self):
        before = self.shown_by("sync")
        for name, content in (("tls.crt", "broken"), ("ca.crt", "")):
            told = self.services.sync.tells(NOT_READ)
            self.services.file(name, "sync").write_text(content)
            eventually("it is told", lambda: self.services.sync.tells(NOT_READ) > told)
            self.assertEqual(self.shown_by("sync"), before)
            self.assertTrue(self.is_served("sync", GET_STATUS, b"", self.services.folder / "auth"))
        self.assertEqual(self.services.sync.tells(READ), 0)

    def test_certificates_and_then_their_authority_are_replaced_while_people_work(self):
        user = User(self.services.url)
        desk = user.device("desk")
        desk.sync(desk.new_task("before"))
        following = Authority("following")
        self._replace(desk, lambda name: trust(self.services.file("ca.crt", name), self.authority, following))
        self._replace(desk, lambda name: following.sign(self.services.folder / name, f"tidemark-{name}"))
        for service in SERVICES:
            eventually("the new one is shown", lambda: self.shown_by(service) == self.certificate_of(service))
            self.assertEqual(desk.sync(desk.new_task("meanwhile")).status, 200)
        self._replace(desk, lambda name: trust(self.services.file("ca.crt", name), following))

        # Connections that begin now know the following authority alone.
        self.authority.sign(self.services.folder / "late", "tidemark-late")
        self.services.authority = following
        eventually("the old authority is believed no more",
                   lambda: not self.is_served("sync", GET_STATUS, b"", self.services.folder / "late"))
        after = desk.new_task("after")
        self.assertEqual(self.services.sync.end(), 0)
        self.services.sync.start()
        eventually("all is as it was", lambda: desk.send(after).status == 200)

    def _replace(self, desk: Device, replace: Callable[[str], None]) -> None:
        """In all processes, with requests all the time; returns when all have read what is there now."""
        for name, twin in self.services.twins.items():
            read = twin.tells(READ)
            replace(name)

            def has_read() -> bool:
                self.assertEqual(desk.check().status, 304)
                return twin.tells(READ) > read
            eventually(f"{name} has read it", has_read)
