"""TLS between our processes: where one end speaks it, so does the other."""

from typing import Iterator, Sequence

from . import Object, title
from .workloads import Workload, of_kind, selects, settings, workloads

SPEAKS, CALLS_BY = "TIDEMARK_TLS_CERT_FILE", "TIDEMARK_PEER_CA_FILE"
PROTOCOL = "nginx.ingress.kubernetes.io/backend-protocol"
PROTOCOLS = {"GRPC": False, "GRPCS": True}
# By which the ingress controller would show a certificate, and be taken for one of the services.
CLIENT_CERTIFICATE = "nginx.ingress.kubernetes.io/proxy-ssl-secret"


def violations(objects: Sequence[Object]) -> Iterator[str]:
    speaking = {workload.name for workload in workloads(objects) if workload.serves and _has(workload, SPEAKS, objects)}
    for workload in workloads(objects):
        yield from (f"{workload.title}: {said}" for said in (*_calls(workload, speaking, objects), *_probes(workload, speaking)))
    for ingress in of_kind(objects, "Ingress").values():
        yield from (f"{title(ingress)}: {said}" for said in _ingress(ingress, speaking, objects))


def _has(workload: Workload, setting: str, objects: Sequence[Object]) -> bool:
    return any(settings(workload, container, objects).get(setting) for container in workload.containers)


def _calls(workload: Workload, speaking: set[str], objects: Sequence[Object]) -> Iterator[str]:
    by_tls = _has(workload, CALLS_BY, objects)
    for container in workload.containers:
        for name, value in settings(workload, container, objects).items():
            # The Services that our processes use are named as what is behind them.
            called = value.partition(":")[0] if name.endswith("_ADDRESS") and value else ""
            if called.startswith("tidemark-") and (called in speaking) != by_tls:
                yield f"calls {called} {'by TLS' if by_tls else 'in plaintext'}, which it does not speak"


def _probes(workload: Workload, speaking: set[str]) -> Iterator[str]:
    for container in workload.containers:
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            if workload.name in speaking and "grpc" in container.get(probe, {}):
                yield f"its {probe} speaks no TLS"


def _ingress(ingress: Object, speaking: set[str], objects: Sequence[Object]) -> Iterator[str]:
    annotations, services = ingress["metadata"].get("annotations", {}), of_kind(objects, "Service")
    by_tls = PROTOCOLS.get(annotations.get(PROTOCOL))
    if by_tls is None:
        return
    if CLIENT_CERTIFICATE in annotations:
        yield "shows a certificate for whoever calls through it"
    called = {path["backend"]["service"]["name"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]}
    behind = {workload.name for workload in workloads(objects) for name in called if name in services
              and selects({"matchLabels": services[name]["spec"]["selector"]}, workload.labels)}
    for name in sorted(behind):
        if (name in speaking) != by_tls:
            yield f"calls {name} {'by TLS' if by_tls else 'in plaintext'}, which it does not speak"
