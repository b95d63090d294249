"""Asks a process whether it is ready. Every probe answers False for whatever goes wrong."""

import asyncio

TIMEOUT = 2.0


async def http_is_200(host: str, port: int, path: str) -> bool:
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    answer = await _exchange(host, port, request.encode())
    return answer.split(b" ")[1:2] == [b"200"]


async def redis_answers(host: str, port: int) -> bool:
    """False also while it is loading its data."""
    return (await _exchange(host, port, b"PING\r\n")).startswith(b"+PONG")


async def _exchange(host: str, port: int, request: bytes) -> bytes:
    """The first line of what comes back."""
    try:
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(request)
                return await reader.readline()
            finally:
                writer.close()
    except (OSError, TimeoutError, ValueError):
        return b""
