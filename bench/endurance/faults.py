"""Clients that do what clients should not: they leave in the midst of a request, or send what is none."""

import asyncio
import contextlib
import itertools
import random
import socket
import struct
from collections import Counter

TIMEOUT_SECONDS = 30.0
SLOW_PIECE_SECONDS = 0.1
# Reset instead of closed in order.
NO_LINGER = struct.pack("ii", 1, 0)


class Faults:
    """At a gateway, each kind in turn, at random times; what each came to is counted."""

    def __init__(self, host: str, port: int, token: str, per_second: float):
        self._address = (host, port)
        self._token = token
        self._per_second = per_second
        self.seen: Counter[str] = Counter()

    # What each is to come to.
    expected = {"leaves": "closed", "resets": "reset", "malformed JSON": "400", "malformed HTTP": "400",
                "bad token": "401", "slow body": "200"}

    async def run(self, seconds: float) -> None:
        kinds = itertools.cycle({"leaves": self._leave, "resets": self._reset, "malformed JSON": self._malformed_json,
                                 "malformed HTTP": self._malformed_http, "bad token": self._bad_token,
                                 "slow body": self._slow_body}.items())
        end = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as group:
            while (left := end - asyncio.get_running_loop().time()) > 0:
                group.create_task(self._count(*next(kinds)))
                await asyncio.sleep(min(left, random.expovariate(self._per_second)))

    def unexpected(self) -> dict[str, int]:
        return {what: count for what, count in self.seen.items()
                if what not in {f"{kind}: {end}" for kind, end in self.expected.items()}}

    async def _count(self, kind: str, make) -> None:
        try:
            what = await asyncio.wait_for(make(), TIMEOUT_SECONDS)
        except (OSError, asyncio.IncompleteReadError, TimeoutError) as failure:
            what = type(failure).__name__
        self.seen[f"{kind}: {what}"] += 1

    def _head(self, path: str = "/sync", token: str | None = None, length: int = 100) -> bytes:
        return (f"POST {path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {token or self._token}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n").encode()

    async def _leave(self) -> str:
        """With half a request sent: the end of its side comes, and it reads no answer."""
        async with self._connected() as (reader, writer):
            writer.write(self._head() + b'{"last_sync"')
            writer.write_eof()
            await reader.read()
        return "closed"

    async def _reset(self) -> str:
        async with self._connected() as (_, writer):
            writer.write(self._head() + b'{"last_sync"')
            await writer.drain()
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            writer.transport.abort()
        return "reset"

    async def _malformed_json(self) -> str:
        body = b'{"last_sync":0,"changes":[{]}'
        return await self._status(self._head(length=len(body)) + body)

    async def _malformed_http(self) -> str:
        return await self._status(b"GET /sync check HTTP/1.1\r\nHost: h\r\n\r\n")

    async def _bad_token(self) -> str:
        body = b"{}"
        return await self._status(self._head(token=self._token[:-8] + f"{random.getrandbits(32):08x}",
                                             length=len(body)) + body)

    async def _slow_body(self) -> str:
        body = b'{"last_sync":0,"limit":1}'
        return await self._status(self._head(length=len(body)), *(bytes([byte]) for byte in body))

    async def _status(self, *pieces: bytes) -> str:
        """The status of the answer; several pieces are sent slowly."""
        async with self._connected() as (reader, writer):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                if len(pieces) > 1:
                    await asyncio.sleep(SLOW_PIECE_SECONDS)
            line = await reader.readline()
            return line.split(b" ")[1].decode() if line else "no answer"

    @contextlib.asynccontextmanager
    async def _connected(self):
        reader, writer = await asyncio.open_connection(*self._address)
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
