"""A TCP balancer as simple as one can be: a new connection goes to the next server that says it is ready."""

import asyncio
import contextlib
import itertools
import threading
from typing import Sequence

from supervisor import ports
from twin import Twin

LOOK_SECONDS = 0.05


class Balancer:
    """Looks at the servers now and then, as balancers do: it learns a little late that one is to be left."""

    def __init__(self, servers: Sequence[Twin]):
        self._servers = servers
        self._ready: list[Twin] = []
        self._turn = itertools.count()
        began = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(began)), daemon=True)
        self._thread.start()
        began.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()

    async def _serve(self, began: threading.Event) -> None:
        """What is open when it ends is cut."""
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        listener = await asyncio.start_server(self._pass_on, ports.HOST, 0)
        self.url = "http://{}:{}".format(*listener.sockets[0].getsockname())
        await self._look()
        began.set()
        while not self._closing.is_set():
            await asyncio.sleep(LOOK_SECONDS)
            await self._look()
        listener.close()

    async def _look(self) -> None:
        """Where nobody seems to be ready, one has become so since it was looked at: those that were are still asked."""
        ready = [server for server in self._servers if await asyncio.to_thread(_is_ready, server)]
        self._ready = ready or self._ready

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server = self._ready[next(self._turn) % len(self._ready)]
        there = await asyncio.open_connection(*server.address.split(":"))
        await asyncio.gather(_copy(reader, there[1]), _copy(there[0], writer))


def _is_ready(server: Twin) -> bool:
    try:
        return server.is_ready()
    except OSError:
        return False


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while some := await reader.read(64 * 1024):
            writer.write(some)
            await writer.drain()
    with contextlib.suppress(ConnectionError):
        writer.close()
