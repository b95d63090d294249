"""A whole stack of real stores and stand-ins for the four processes."""

import asyncio
import json
import os
import signal
import sys
import tempfile
import unittest
from pathlib import Path

from . import services
from .data_dir import DataDir, parse_env
from .keeper import StartFailed
from .stack import Plan, Stack

STAND_IN = f"""#!{sys.executable}
import http.server, json, os, pathlib, signal, sys
here, name = pathlib.Path(__file__).parent, pathlib.Path(__file__).name
with open(here / "calls", "a") as file:
    file.write(json.dumps({{"name": name, "arguments": sys.argv[1:], "env": dict(os.environ)}}) + "\\n")
if sys.argv[1:] == ["--migrate"]:
    print("the schema is newer than this program")
    sys.exit((here / "migrate-fails").exists())
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
host, port = os.environ["TIDEMARK_ADMIN_ADDRESS"].split(":")
http.server.HTTPServer((host, int(port)), Ready).serve_forever()
"""


class StackTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)
        self.said = []
        for program in services.PROGRAMS:
            (self.folder / program).write_text(STAND_IN)
            (self.folder / program).chmod(0o755)
        self.data = DataDir(self.folder / "data")

    def stack(self) -> Stack:
        stack = Stack(Plan(self.data, 0, self.folder / "limits", self.folder, self.folder / "web"), self.said.append)
        self.addAsyncCleanup(stack.stop)
        return stack

    def env(self) -> dict[str, str]:
        return parse_env(self.data.env_file.read_text())

    def calls(self) -> list[dict]:
        return [json.loads(line) for line in (self.folder / "calls").read_text().splitlines()]

    async def test_migrations_run_before_the_processes_that_serve_and_only_they_know_the_owner(self):
        await self.stack().start()
        calls = [(call["name"], *call["arguments"]) for call in self.calls()]
        self.assertEqual(calls[:2], [("tidemark-auth", "--migrate"), ("tidemark-sync", "--migrate")])
        self.assertEqual(sorted(calls[2:]), [(name,) for name in sorted(services.PROGRAMS)])
        for call in self.calls():
            self.assertEqual("TIDEMARK_POSTGRES_OWNER_URL" in call["env"], call["arguments"] == ["--migrate"])

    async def test_each_process_is_told_no_more_than_it_needs(self):
        await self.stack().start()
        told = {call["name"]: call["env"] for call in self.calls() if not call["arguments"]}
        self.assertNotIn("TIDEMARK_POSTGRES_URL", told["tidemark-gateway"])
        self.assertNotIn("TIDEMARK_POSTGRES_URL", told["tidemark-ratelimit"])
        self.assertEqual([name for name, env in told.items() if "TIDEMARK_MASTER_KEY" in env], ["tidemark-auth"])
        self.assertTrue(all("HOME" not in env for env in told.values()))

    async def test_env_is_true_again_after_a_process_was_killed(self):
        await self.stack().start()
        before = self.env()
        os.kill(int(before["TIDEMARK_SYNC_PID"]), signal.SIGKILL)
        async with asyncio.timeout(20):
            while self.env()["TIDEMARK_SYNC_PID"] == before["TIDEMARK_SYNC_PID"]:
                await asyncio.sleep(0.02)
        after = self.env()
        self.assertEqual([name for name in before if before[name] != after[name]], ["TIDEMARK_SYNC_PID"])
        self.assertTrue(Path(f"/proc/{after['TIDEMARK_SYNC_PID']}").exists())

    async def test_a_failed_migration_fails_the_start_with_what_it_said(self):
        (self.folder / "migrate-fails").touch()
        with self.assertRaisesRegex(StartFailed, "newer than this program"):
            await self.stack().start()
        self.assertFalse(self.data.env_file.exists())

    async def test_the_next_stack_on_the_same_data_has_the_same_addresses(self):
        first = self.stack()
        await first.start()
        before = self.env()
        await first.stop()
        self.assertFalse(self.data.env_file.exists())
        await self.stack().start()
        after = self.env()
        self.assertEqual({name for name in before if before[name] != after[name]},
                         {name for name in before if name.endswith("_PID")})
