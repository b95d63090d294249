"""A second tidemark-sync on a stack's stores, behind gates, and a gateway of its own in front of it."""

from client import call
from gate import Gate, PostgresWire, RedisWire, Turnstile
from stack import Stack, eventually
from stored import end_suspension
from twin import Twin


class GatedReplica:
    """One event loop and one database connection: messages come in one order, whatever the machine's load."""

    def __init__(self, stack: Stack):
        env = stack.env()
        self._stack = stack
        self.turnstile = Turnstile()
        plain = "?sslmode=disable&gssencmode=disable"
        self._gates = [Gate(env["TIDEMARK_POSTGRES_URL"] + plain, PostgresWire(), self.turnstile),
                       Gate(env["TIDEMARK_REDIS_URL"], RedisWire(), self.turnstile)]
        postgres, redis = (gate.url for gate in self._gates)
        self.sync = Twin(stack, "sync", ("listening", "redis_connected"), postgres_url=postgres, redis_url=redis,
                         postgres_connections="1", event_loops="1")
        self._gateway = Twin(stack, "gateway", ("listening",), sync_address=self.sync.address)
        self.url = f"http://{self._gateway.address}"
        self.recover()

    def recover(self) -> None:
        """Whatever was done to it: it runs, the cache is used, nothing is held."""
        self.turnstile.arm(None)
        # A Redis that was held for too long counts as lost.
        if end_suspension(self._stack):
            self.sync.kill()
        if not self.sync.runs:
            self.sync.start()
        eventually("the replica answers", self._answers)

    def _answers(self) -> bool:
        return call(self.url, "GET", "/sync/check", token="none").status == 401

    def close(self) -> None:
        self._gateway.kill()
        self.sync.kill()
        self.turnstile.arm(None)
        for gate in self._gates:
            gate.close()
