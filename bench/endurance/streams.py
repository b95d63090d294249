"""Live streams that are open all the time; now and then one is closed and another opened."""

import asyncio
import contextlib
import random
from collections import Counter
from typing import Sequence

CHANGE_EVERY_SECONDS = 1.0


class Streams:
    def __init__(self, host: str, port: int, tokens: Sequence[str]):
        self._address = (host, port)
        self._tokens = tokens
        self.seen: Counter[str] = Counter()

    async def run(self, seconds: float) -> None:
        end = asyncio.get_running_loop().time() + seconds
        following = {token: asyncio.create_task(self._follow(token)) for token in self._tokens}
        while (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(min(left, CHANGE_EVERY_SECONDS))
            token = random.choice(self._tokens)
            await _end(following[token])
            following[token] = asyncio.create_task(self._follow(token))
        for task in following.values():
            await _end(task)

    async def _follow(self, token: str) -> None:
        reader, writer = await asyncio.open_connection(*self._address)
        try:
            writer.write(f"GET /sync/stream HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            status = (await reader.readline()).split(b" ")
            self.seen["opened" if status[1:2] == [b"200"] else f"refused: {status}"] += 1
            while line := await reader.readline():
                self.seen["heads"] += line == b"event: head\n"
            self.seen["ended by the server"] += 1
        finally:
            writer.close()

    def unexpected(self) -> dict[str, int]:
        return {what: count for what, count in self.seen.items() if what not in ("opened", "heads")}


async def _end(task: asyncio.Task) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, OSError):
        await task
