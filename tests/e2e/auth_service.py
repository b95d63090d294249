"""tidemark-auth as its operator meets it: its settings, its commands, and a login from any address."""

import subprocess

import grpc_call
from stack import PROGRAMS, Stack

LOGIN = "/tidemark.v1.AuthService/Login"


def setting(stack: Stack, name: str) -> str:
    return stack.settings("auth")[f"TIDEMARK_{name}"]


def command(stack: Stack, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """With the settings of the one that serves, and some instead."""
    own = {f"TIDEMARK_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run([PROGRAMS / "tidemark-auth", *arguments], env=stack.settings("auth") | own, input=stdin,
                          capture_output=True, text=True)


def text_field(number: int, text: str) -> bytes:
    """Of a protobuf message; texts below 128 bytes."""
    return bytes([number << 3 | 2, len(text.encode())]) + text.encode()


def may_log_in(stack: Stack, email: str, password: str, address: str) -> bool:
    """As the gateway asks for a client at `address`."""
    metadata = {"service-token": setting(stack, "SERVICE_TOKEN"), "x-forwarded-for": address}
    request = text_field(1, email) + text_field(2, password)
    return bool(grpc_call.call(stack.address("auth"), LOGIN, request, metadata))
