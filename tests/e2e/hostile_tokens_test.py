"""What is not a token of ours, valid now, is 401: through the gateway and on direct gRPC (RFC 8725)."""

import base64
import hashlib
import hmac
import time
import unittest

import grpc_client
from stack import Stack
from tokens import Forge, base64url, encode

HOUR_SECONDS = 3600


class HostileTokens:
    """Each attack, at the door that `assert_answer` knows."""

    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        self.forge = Forge(self.stack, self.user)
        self.header, self.payload = self.forge.header, self.forge.payload

    def assert_refused(self, token: str, code: str = "invalid_token") -> None:
        self.assert_answer(token, code)

    def test_a_genuine_token_is_let_in(self):
        self.assert_answer(self.user.token, None)
        self.assert_answer(self.forge.sign(self.header, self.payload), None)

    def test_alg_none_is_refused(self):
        for alg in ("none", "None", "NONE"):
            unsigned = f"{encode(self.header | {'alg': alg})}.{encode(self.payload)}."
            self.assert_refused(unsigned)
            self.assert_refused(unsigned + self.forge.signature)

    def test_an_hmac_under_the_public_key_is_refused(self):
        text = f"{encode(self.header | {'alg': 'HS256'})}.{encode(self.payload)}"
        published = self.forge.public_key()
        raw = base64.urlsafe_b64decode(published + "=")
        der = bytes.fromhex("302a300506032b6570032100") + raw
        pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(der) + b"\n-----END PUBLIC KEY-----\n"
        for secret in (raw, published.encode(), der, pem, b""):
            self.assert_refused(f"{text}.{base64url(hmac.digest(secret, text.encode(), hashlib.sha256))}")

    def test_an_unknown_key_is_refused(self):
        self.assert_refused(self.forge.sign(self.header | {"kid": "nobody's"}, self.payload))

    def test_an_injected_key_is_refused(self):
        for kid in ("../../../../dev/null", "/proc/sys/kernel/randomize_va_space", "' or '1'='1",
                    "x' union select sealed_seed from auth.signing_keys --", "'; drop table auth.signing_keys; --",
                    "http://127.0.0.1:1/jwks.json", "$(id)", "a\u0000b", "", self.header["kid"] + " "):
            self.assert_refused(self.forge.sign(self.header | {"kid": kid}, self.payload))
        self.assert_answer(self.user.token, None)

    def test_a_key_that_the_token_brings_along_is_refused(self):
        own = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "kid": "own", "x": base64url(bytes(32))}
        for member in ({"jwk": own}, {"jku": "http://127.0.0.1:1/jwks.json"}, {"x5u": "http://127.0.0.1:1/own.pem"}):
            self.assert_refused(self.forge.sign(self.header | member, self.payload))

    def test_another_issuer_is_refused(self):
        self.assert_refused(self.forge.sign(self.header, self.payload | {"iss": "somebody else"}))

    def test_another_audience_is_refused(self):
        self.assert_refused(self.forge.sign(self.header, self.payload | {"aud": "another service"}))

    def test_an_expired_one_is_refused_by_its_own_code(self):
        past = int(time.time()) - HOUR_SECONDS
        expired = self.forge.sign(self.header, self.payload | {"iat": past, "exp": past + 900})
        self.assert_refused(expired, "expired_token")

    def test_one_that_is_not_valid_yet_is_refused(self):
        future = int(time.time()) + HOUR_SECONDS
        self.assert_refused(self.forge.sign(self.header, self.payload | {"iat": future, "exp": future + 900}))
        self.assert_refused(self.forge.sign(self.header, self.payload | {"nbf": future}))

    def test_a_truncated_one_is_refused(self):
        token = self.user.token
        header, payload, signature = token.split(".")
        for cut in (token[:-1], token[1:], token[:len(token) // 2], header, f"{header}.{payload}",
                    f"{header}.{payload}.", f".{payload}.{signature}", f"{header}..{signature}", ".."):
            self.assert_refused(cut)

    def test_another_persons_name_under_our_signature_is_refused(self):
        stolen = self.payload | {"sub": self.stack.user().id}
        self.assert_refused(f"{encode(self.header)}.{encode(stolen)}.{self.forge.signature}")


class GatewayTest(HostileTokens, unittest.TestCase):
    def assert_answer(self, token: str, code: str | None) -> None:
        answer = self.stack.call("GET", "/sync/check", token=token)
        self.assertEqual((answer.status, answer.code), (401, code) if code else (200, None), token)
        if code:
            self.assertTrue(answer.headers["www-authenticate"].startswith("Bearer"))


class DirectGrpcTest(HostileTokens, unittest.TestCase):
    def assert_answer(self, token: str, code: str | None) -> None:
        end = grpc_client.end_of(self.stack, token, "check")
        self.assertEqual(end, f"UNAUTHENTICATED {code}" if code else "OK ok", token)
