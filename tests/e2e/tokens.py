"""Access tokens that the auth service would never make."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

from client import User
from stack import BUILT, Stack
from stored import query

SIGN = BUILT / "tidemark-sign"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode(part: Any) -> str:
    return base64url(json.dumps(part, separators=(",", ":")).encode())


def decode(part: str) -> dict[str, Any]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


class Forge:
    """Starts from a user's own token. What it signs has the auth service's genuine signature."""

    def __init__(self, stack: Stack, user: User):
        self._stack = stack
        header, payload, self.signature = user.token.split(".")
        self.header, self.payload = decode(header), decode(payload)

    def sign(self, header: dict[str, Any], payload: dict[str, Any]) -> str:
        text = f"{encode(header)}.{encode(payload)}"
        seeds = query(self._stack, "select encode(sealed_seed, 'hex') from auth.signing_keys").splitlines()
        done = subprocess.run([SIGN, self.header["kid"], *seeds], input=text + "\n", capture_output=True, text=True,
                              env={"TIDEMARK_MASTER_KEY": self._master_key()}, check=True)
        return f"{text}.{done.stdout.strip()}"

    def public_key(self) -> str:
        """As it is published, in base64url."""
        keys = self._stack.call("GET", "/.well-known/jwks.json").json["keys"]
        return next(key["x"] for key in keys if key["kid"] == self.header["kid"])

    def _master_key(self) -> str:
        secrets = Path(self._stack.data / "secrets").read_text().splitlines()
        return next(line.removeprefix("master_key=") for line in secrets if line.startswith("master_key="))
