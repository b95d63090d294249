"""Clients that send half a request and then wait: as many as are wanted, all the time."""

import asyncio
import contextlib
from collections import Counter
from typing import AsyncIterator

HALF = (b"POST /sync HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer none\r\nContent-Type: application/json\r\n"
        b"Content-Length: 100\r\n\r\n{")


class HalfOpen:
    """Each that is told to go (408) comes back at once."""

    def __init__(self, host: str, port: int, count: int):
        self._address = (host, port)
        self._count = count
        self._waiting = 0
        # What they were answered.
        self.statuses: Counter[str] = Counter()

    @contextlib.asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self._stay()) for _ in range(self._count)]
        while self._waiting < self._count:
            await asyncio.sleep(0.01)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _stay(self) -> None:
        while True:
            reader, writer = await asyncio.open_connection(*self._address)
            writer.write(HALF)
            self._waiting += 1
            try:
                line = await reader.readline()
                self.statuses[line.split(b" ")[1].decode() if line else "no answer"] += 1
            finally:
                self._waiting -= 1
                writer.close()
