"""PostgreSQL and Redis themselves, kept alive by a Keeper."""

import asyncio
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from . import leftovers, ports, postgres, probes, redis
from .keeper import Keeper, Program, StartFailed

PASSWORD = "0123456789abcdef"


class StoresTest(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)
        self.log = self.folder / "setup.log"
        self.said = []

    async def kept(self, program: Program) -> Keeper:
        keeper = Keeper(program, self.folder / f"{program.name}.log", self.said.append, lambda: None)
        self.addAsyncCleanup(keeper.stop)
        await keeper.start()
        return keeper

    async def ready_again(self, keeper: Keeper, old_pid: int) -> None:
        async with asyncio.timeout(30):
            while keeper.pid == old_pid or not await keeper.program.is_ready():
                await asyncio.sleep(0.02)

    async def running_postgres(self) -> tuple[Keeper, postgres.Address]:
        address = postgres.Address(ports.HOST, ports.choose(["postgres"], {})["postgres"])
        data = self.folder / "postgres"
        await asyncio.to_thread(postgres.ensure_cluster, data, PASSWORD, self.log, self.said.append)
        return await self.kept(postgres.program(data, address)), address

    def query(self, address: postgres.Address, sql: str, role=postgres.SUPERUSER, password=PASSWORD,
              database="postgres") -> str:
        return subprocess.run([postgres.BIN / "psql", "-XAt", address.url(role, password, database), "-c", sql],
                              text=True, capture_output=True, check=True).stdout.strip()

    async def test_a_killed_postgres_comes_back_on_its_address_with_what_was_committed(self):
        keeper, address = await self.running_postgres()
        self.query(address, "CREATE TABLE t AS SELECT 42 AS n")
        busy = subprocess.Popen([postgres.BIN / "psql", address.url(postgres.SUPERUSER, PASSWORD, "postgres"), "-c",
                                 "SELECT count(*) FROM generate_series(1, 1000000000)"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(busy.wait)
        self.addCleanup(busy.kill)
        while self.query(address, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%1000000000)'"
                                  " AND state = 'active' AND pid <> pg_backend_pid()") != "1":
            await asyncio.sleep(0.01)
        old = keeper.pid
        os.kill(old, signal.SIGKILL)
        await self.ready_again(keeper, old)
        self.assertEqual(self.query(address, "SELECT n FROM t"), "42")

    async def test_a_stale_pid_file_that_names_a_living_process_does_not_hinder_the_start(self):
        keeper, address = await self.running_postgres()
        await keeper.stop()
        data = self.folder / "postgres"
        stranger = subprocess.Popen(postgres.as_system_user(["/bin/sleep", "60"]))
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.kill)
        (data / "postmaster.pid").write_text(f"{stranger.pid}\n{data.resolve()}\n0\n0\n")
        await self.kept(postgres.program(data, address))
        self.assertEqual(self.query(address, "SELECT 1"), "1")

    async def test_an_interrupted_initdb_is_started_over(self):
        halfway = self.folder / "postgres.new"
        halfway.mkdir()
        (halfway / "PG_VERSION").write_text("15\n")
        _, address = await self.running_postgres()
        self.assertEqual(self.query(address, "SELECT 1"), "1")

    async def test_the_serving_role_is_bound_and_the_owner_owns_its_database_alone(self):
        _, address = await self.running_postgres()
        for _ in range(2):
            postgres.ensure_roles(address, PASSWORD, "0a", "0b", self.log)
        roles = self.query(address, "SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles"
                                    " WHERE rolname LIKE 'tidemark%' ORDER BY 1")
        self.assertEqual(roles, "tidemark_owner|f\ntidemark_service|f")
        self.assertEqual(self.query(address, "SELECT 1", postgres.SERVICE, "0b", postgres.DATABASE), "1")
        self.query(address, "CREATE SCHEMA s", postgres.OWNER, "0a", postgres.DATABASE)
        with self.assertRaises(subprocess.CalledProcessError):
            self.query(address, "CREATE SCHEMA s2", postgres.SERVICE, "0b", postgres.DATABASE)

    async def test_a_wrong_password_is_not_let_in(self):
        _, address = await self.running_postgres()
        with self.assertRaises(subprocess.CalledProcessError):
            self.query(address, "SELECT 1", password="wrong")

    async def test_a_link_to_a_lost_cluster_is_told_and_not_replaced(self):
        link = self.folder / "postgres"
        link.symlink_to(self.folder / "gone")
        with self.assertRaisesRegex(StartFailed, "gone"):
            postgres.ensure_cluster(link, PASSWORD, self.log, self.said.append)

    @unittest.skipUnless(os.geteuid() == 0, "only root has folders that the user postgres cannot reach")
    async def test_where_the_postgres_user_cannot_go_the_files_lie_elsewhere_behind_a_link(self):
        self.folder.chmod(0o700)
        _, address = await self.running_postgres()
        data = self.folder / "postgres"
        self.addCleanup(subprocess.run, ["rm", "-rf", "--", data.resolve()], check=True)
        self.assertTrue(data.is_symlink())
        self.assertIn(str(data.resolve()), self.said[0])
        self.assertEqual(self.query(address, "SELECT 1"), "1")

    async def test_a_killed_redis_comes_back_on_its_address(self):
        port = ports.choose(["redis"], {})["redis"]
        keeper = await self.kept(redis.program(self.folder / "redis", ports.HOST, port))
        old = keeper.pid
        os.kill(old, signal.SIGKILL)
        await self.ready_again(keeper, old)
        self.assertTrue(await probes.redis_answers(ports.HOST, port))
        self.assertEqual(leftovers.processes_in(self.folder / "redis", redis.PROGRAMS), [keeper.pid])
