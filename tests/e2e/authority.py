"""An authority that certifies processes, made by openssl."""

import subprocess
from pathlib import Path

from stack import scratch

NEW = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]


class Authority:
    def __init__(self, name: str):
        self._folder = scratch("authority")
        self.certificate, self._key = self._folder / "ca.crt", self._folder / "ca.key"
        subprocess.run([*NEW, "-subj", f"/CN={name}", "-keyout", self._key, "-out", self.certificate], check=True,
                       capture_output=True)

    def sign(self, folder: Path, name: str) -> None:
        """tls.crt and tls.key of `folder`, in place of those that are there: for 127.0.0.1, as `name`."""
        folder.mkdir(exist_ok=True)
        certificate, key = self._folder / "tls.crt", self._folder / "tls.key"
        subprocess.run([*NEW, "-CA", self.certificate, "-CAkey", self._key, "-subj", f"/CN={name}",
                        "-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True)
        key.chmod(0o644)  # whatever user the process has
        key.replace(folder / "tls.key")
        certificate.replace(folder / "tls.crt")


def trust(file: Path, *authorities: Authority) -> None:
    """`file` names these, and no other."""
    whole = file.with_suffix(".next")
    whole.write_bytes(b"".join(authority.certificate.read_bytes() for authority in authorities))
    whole.replace(file)
