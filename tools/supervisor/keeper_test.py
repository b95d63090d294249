import asyncio
import os
import signal
import tempfile
import unittest
from pathlib import Path

from .keeper import Keeper, Program, StartFailed


async def at_once() -> bool:
    return True


class KeeperTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.spawned = asyncio.Queue()
        self.said = []

    def keeper(self, script: str, **more) -> Keeper:
        options = {"env": {"PATH": "/usr/bin:/bin"}, "is_ready": at_once} | more
        program = Program(name="stand-in", argv=["/bin/bash", "-c", script], cwd=self.folder, **options)
        keeper = Keeper(program, self.folder / "log", self.said.append,
                        lambda: self.spawned.put_nowait(keeper.pid))
        self.addAsyncCleanup(keeper.stop)
        return keeper

    def file_appears(self, name: str):
        async def appears() -> bool:
            return (self.folder / name).exists()
        return appears

    async def test_a_process_that_is_killed_is_started_again(self):
        keeper = self.keeper("exec sleep 60")
        await keeper.start()
        first = await self.spawned.get()
        os.kill(first, signal.SIGKILL)
        second = await asyncio.wait_for(self.spawned.get(), 10)
        self.assertNotEqual(first, second)
        self.assertEqual(keeper.pid, second)
        self.assertEqual(self.said, [f"stand-in (pid {first}) was ended by SIGKILL; starting it again"])

    async def test_a_process_that_exits_by_itself_is_started_again(self):
        # Not before it was seen to run: that would be a start that failed.
        keeper = self.keeper("while [ ! -e go ]; do sleep 0.01; done")
        await keeper.start()
        await self.spawned.get()
        (self.folder / "go").touch()
        await asyncio.wait_for(self.spawned.get(), 10)
        self.assertIn("exited with 0", self.said[0])

    async def test_a_process_that_dies_before_it_is_ready_fails_the_start_with_its_last_words(self):
        keeper = self.keeper("echo the port is taken; exit 3", is_ready=self.file_appears("never"))
        with self.assertRaisesRegex(StartFailed, "(?s)exited with 3.*the port is taken"):
            await keeper.start()

    async def test_a_process_that_does_not_become_ready_in_time_fails_the_start(self):
        keeper = self.keeper("exec sleep 60", is_ready=self.file_appears("never"))
        with self.assertRaisesRegex(StartFailed, "not ready"):
            await keeper.start(deadline=0.1)

    async def test_stop_lets_the_process_finish_and_does_not_start_it_again(self):
        keeper = self.keeper("trap 'echo drained > drained; exit 0' TERM; touch up; while :; do sleep 0.01; done",
                             is_ready=self.file_appears("up"))
        await keeper.start()
        await keeper.stop()
        self.assertEqual((self.folder / "drained").read_text(), "drained\n")
        self.assertEqual(self.spawned.qsize(), 1)

    async def test_a_process_that_ignores_its_stop_signal_is_killed(self):
        keeper = self.keeper("trap '' TERM; touch up; while :; do sleep 0.01; done",
                             is_ready=self.file_appears("up"), stop_grace=0.1)
        await keeper.start()
        await asyncio.wait_for(keeper.stop(), 10)
        self.assertFalse(Path(f"/proc/{keeper.pid}").exists())

    async def test_the_environment_is_exactly_what_the_program_names(self):
        os.environ["STRAY"] = "value"
        self.addCleanup(os.environ.pop, "STRAY")
        keeper = self.keeper("export -p > env; touch up; exec sleep 60", is_ready=self.file_appears("up"),
                             env={"PATH": "/usr/bin:/bin", "GIVEN": "1"})
        await keeper.start()
        told = (self.folder / "env").read_text()
        self.assertIn("GIVEN", told)
        self.assertNotIn("STRAY", told)

    async def test_ctrl_c_in_the_terminal_does_not_reach_the_process(self):
        keeper = self.keeper("exec sleep 60")
        await keeper.start()
        self.assertNotEqual(os.getpgid(keeper.pid), os.getpgid(0))
