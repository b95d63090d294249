"""What of our gRPC services leads outside: each public rpc by its name, and no other."""

import re
from typing import Iterator, Sequence

from . import ROOT, Object
from .workloads import of_kind

PROTOS = ROOT / "proto" / "tidemark" / "v1"
# The services that people's own devices call, and where they are.
PUBLIC = {"SyncService": "tidemark-sync-public", "AuthService": "tidemark-auth-public"}
INTERNAL = "// Internal (service credential"
Route = tuple[str, str]


def violations(objects: Sequence[Object]) -> Iterator[str]:
    served = {(path["path"], path["pathType"], path["backend"]["service"]["name"])
              for ingress in of_kind(objects, "Ingress").values() if ingress["metadata"]["name"] == "tidemark-grpc"
              for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]}
    if not served:
        return
    public = {(path, "Exact", service) for path, service in public_rpcs("\n".join(
        file.read_text() for file in sorted(PROTOS.glob("*.proto"))))}
    yield from (f"Ingress tidemark-grpc: {path} ({kind}, {service}) is no public rpc"
                for path, kind, service in sorted(served - public))
    yield from (f"Ingress tidemark-grpc: {path} is public and not there" for path, _, _ in sorted(public - served))


def public_rpcs(protos: str) -> set[Route]:
    found, service, internal = set(), "", False
    for line in protos.splitlines():
        if declared := re.match(r"service (\w+)", line):
            service = declared[1]
        elif line.strip().startswith("//"):
            internal = internal or line.strip().startswith(INTERNAL)
            continue
        elif (rpc := re.match(r"  rpc (\w+)", line)) and service in PUBLIC and not internal:
            found.add((f"/tidemark.v1.{service}/{rpc[1]}", PUBLIC[service]))
        internal = False
    return found
