"""A master key that another takes the place of, in order or because it was lost."""

import os
import secrets
import signal
import unittest

import grpc_call
from auth_commands_test import key_of
from auth_service import command
from rolling_restart_test import UnderLoad
from stack import Stack, eventually
from stored import query
from twin import Twin

GET_JWKS = "/tidemark.v1.AuthService/GetJwks"


class SuccessorTest(UnderLoad):
    STACK = "master-key"

    def test_no_request_fails_while_the_master_key_is_replaced(self):
        old, new = self.stack.secret("master_key"), secrets.token_hex(32)
        self.begin(gateways=1)
        for masters in (f"{old},{new}", f"{new},{old}"):
            self.give_auth(masters)
        done = command(self.stack, "--rotate-keys", master_key=f"{new},{old}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_nothing_is_lost()

        # The old one is needed until the last token under it has ended: who forgets it too soon does not start.
        hasty = command(self.stack, master_key=new)
        self.assertEqual(hasty.returncode, 1)
        self.assertIn("was sealed under another master key", hasty.stderr)
        self.pass_an_hour()
        self.let_people_in()
        self.give_auth(new)
        self.assert_nothing_is_lost()

    def give_auth(self, masters: str) -> None:
        for replica in self.replicas.of["auth"]:
            replica.set(master_key=masters)
            self.assert_is_replaced_unnoticed(replica)

    def pass_an_hour(self) -> None:
        """For signing keys, and until all know it; tokens from before are worth nothing then."""
        query(self.stack, "update auth.signing_keys set signs_from = signs_from - 3600000, signs_until = signs_until - 3600000")
        user, check = self.people.quiet.user, self.people.quiet.check
        before = key_of(user)
        for replica in self.replicas.of["auth"]:
            eventually("it has read that", lambda: before not in published_by(replica))
        user.take(user.call("POST", "/auth/refresh", {"refresh_token": user.refresh_token}).json)
        self.assertNotEqual(key_of(user), before)
        # Of either replica of sync.
        eventually("the next key is believed", lambda: all(check().status == 304 for _ in range(10)))


def published_by(auth: Twin) -> str:
    host, port = auth.address.split(":")
    [answer] = grpc_call.call((host, int(port)), GET_JWKS, b"")
    return answer.decode(errors="replace")


class LostTest(unittest.TestCase):
    def test_a_lost_master_key_costs_access_tokens_and_no_session(self):
        stack = Stack("lost-key")
        stack.start()
        self.addCleanup(stack.stop)
        user = stack.user()
        desk = user.device("desk")
        desk.sync(desk.new_task("before"))
        # None that has the old one is to make a key in between.
        os.kill(stack.pid("auth"), signal.SIGSTOP)
        query(stack, "delete from auth.signing_keys")
        auth = Twin(stack, "auth", master_key=secrets.token_hex(32))
        self.addCleanup(auth.kill)
        auth.await_ready()
        sync = Twin(stack, "sync", auth_address=auth.address)
        self.addCleanup(sync.kill)
        sync.await_ready()
        gateway = Twin(stack, "gateway", auth_address=auth.address, sync_address=sync.address)
        self.addCleanup(gateway.kill)
        gateway.await_ready()

        returned = user.through(f"http://{gateway.address}")
        self.assertEqual(returned.call("GET", "/sync/check").code, "invalid_token")
        renewed = returned.call("POST", "/auth/refresh", {"refresh_token": returned.refresh_token})
        self.assertEqual(renewed.status, 200)
        returned.take(renewed.json)
        self.assertEqual(returned.call("GET", "/sync/check", headers={"If-None-Match": desk.etag}).status, 304)


if __name__ == "__main__":
    unittest.main()
