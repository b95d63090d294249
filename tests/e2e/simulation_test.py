"""Two sync replicas behave as one, whatever happens to them and to Redis: simulated devices judge it."""

import contextlib
import os
import re
import signal
import socket
import time
import unittest
import urllib.parse

from simulation import SecondSync, Simulation
from stack import Stack, eventually


class SimulationTest(unittest.TestCase):
    """In the order of their names: Redis is new, and so the cache cold for a while, until the second test."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("simulation")
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)
        cls.second = SecondSync(cls.stack)
        cls.addClassCleanup(cls.second.kill)

    def simulation(self, seed: int) -> Simulation:
        simulation = Simulation(self.stack, self.second, seed)
        self.addCleanup(simulation.abandon)
        return simulation

    def test_no_edit_is_lost_while_replicas_are_killed(self):
        simulation = self.simulation(1)
        for act in (self.kill_first_sync, self.kill_second_sync) * 2:
            simulation.await_rounds()
            act()
        simulation.await_rounds()
        simulation.end()

    def test_two_replicas_behave_as_one_and_nothing_is_unavailable(self):
        simulation = self.simulation(2)
        eventually("the cache answers", self.cache_hits)
        simulation.await_rounds(6)
        told = simulation.end().splitlines()[-1]
        self.assertIn(" 0 unavailable", told)
        self.assertGreater(int(re.search(r"(\d+) at once", told)[1]), 4, told)

    def test_while_redis_is_flushed_and_restarted_no_304_is_stale(self):
        simulation = self.simulation(3)
        eventually("the cache answers", self.cache_hits)
        for act in (*[self.flush_redis] * 5, self.restart_redis, *[self.flush_redis] * 5, self.kill_redis):
            simulation.await_rounds()
            act()
        simulation.await_rounds(2)
        simulation.end()

    def test_while_redis_or_a_replica_is_stopped_or_apart_no_304_is_stale(self):
        simulation = self.simulation(4)
        for _ in range(2):
            simulation.await_rounds()
            with self.stopped(self.stack.pid("redis")):
                simulation.await_rounds()
            with self.second.to_redis.cut():
                simulation.await_rounds()
            for pid in (self.stack.pid("sync"), self.second.pid):
                with self.stopped(pid):
                    time.sleep(0.3)  # less than any of their calls may take
                simulation.await_rounds()
        simulation.end()

    def cache_hits(self) -> int:
        """Of the first sync."""
        metrics = self.stack.admin("sync", "/metrics").body
        return int(re.search(rb'tidemark_head_cache_reads_total\{result="hit",tier="redis"\} (\d+)', metrics)[1])

    # What is done to the service. Whoever waits does so until it is there again, not until it is well.

    @contextlib.contextmanager
    def stopped(self, pid: int):
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def kill_first_sync(self) -> None:
        self.stack.end_and_await_another("sync", signal.SIGKILL)

    def kill_second_sync(self) -> None:
        self.second.kill()
        self.second.start()

    def restart_redis(self) -> None:
        """It comes back with what it held."""
        self.stack.end_and_await_another("redis", signal.SIGTERM)

    def kill_redis(self) -> None:
        """It comes back with an old dump, or with nothing."""
        self.stack.end_and_await_another("redis", signal.SIGKILL)

    def flush_redis(self) -> None:
        url = urllib.parse.urlparse(self.stack.env()["TIDEMARK_REDIS_URL"])
        with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            self.assertTrue(connection.recv(64).startswith(b"+OK"))
