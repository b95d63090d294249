"""A TCP balancer as simple as one can be: a new connection goes to the next server that says it is ready."""

import asyncio
import contextlib
import itertools
import threading
from typing import Sequence

from twin import Twin

LOOK_SECONDS = 0.05


class Balancer:
    """Looks at the servers now and then, as balancers do: it learns a little late that one is to be left."""

    def __init__(self, servers: Sequence[Twin]):
        self._servers = servers
        self._ready: list[Twin] = []
        self._turn = itertools.count()
        self._loop = asyncio.new_event_loop()
        began = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(began,), daemon=True)
        self._thread.start()
        began.wait()

    @property
    def url(self) -> str:
        host, port = self._listener.sockets[0].getsockname()
        return f"http://{host}:{port}"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, began: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._listener = self._loop.run_until_complete(asyncio.start_server(self._pass_on, "127.0.0.1", 0))
        self._loop.run_until_complete(self._look())
        looking = self._loop.create_task(self._keep_looking())
        began.set()
        self._loop.run_forever()
        looking.cancel()
        self._listener.close()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look()

    async def _look(self) -> None:
        self._ready = [server for server in self._servers if await asyncio.to_thread(_is_ready, server)]

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
