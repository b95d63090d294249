"""What every pod keeps: the standard `restricted` of Pod Security, and the house's own rules on top."""

import re
from typing import Any, Iterator, Mapping, Sequence

from . import Object, title
from .workloads import Workload, of_kind, settings, workloads

# What a pod is ended in beside its handover: calls under way (docs/rolling.md), and the end of the process.
CALLS_UNDER_WAY_SECONDS = 10
MARGIN_SECONDS = 5
HANDOVERS = {"tidemark-gateway": 1}
HANDOVERS_OF_SERVICES = 2
# Those that PostgreSQL's owner is known to.
MIGRATIONS = re.compile(r"Job (tidemark-migrate-|new-epoch$)")


def violations(objects: Sequence[Object]) -> Iterator[str]:
    for workload in workloads(objects):
        for said in (*_of_pod(workload, objects), *_of_credentials(workload, objects)):
            yield f"{workload.title}: {said}"
        for container in workload.containers:
            for said in (*_of_container(container), *_of_image(container.get("image", "")), *_of_means(container),
                         *_of_redis(container),
                         *(_of_probes(container) if workload.serves else ())):
                yield f'{workload.title}, {container["name"]}: {said}'
        for said in _of_its_end(workload, objects):
            yield f"{workload.title}: {said}"
    yield from _of_namespaces(objects)


def _of_pod(workload: Workload, objects: Sequence[Object]) -> Iterator[str]:
    pod = workload.pod
    security = pod.get("securityContext", {})
    if security.get("runAsNonRoot") is not True or security.get("runAsUser", 0) == 0:
        yield "may run as root"
    if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "its seccomp profile is not RuntimeDefault"
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.get(field):
            yield f"shares the node's: {field}"
    for volume in pod.get("volumes", []):
        if "hostPath" in volume:
            yield f'{volume["name"]} is a folder of the node'
    account = of_kind(objects, "ServiceAccount").get(pod.get("serviceAccountName", "default"))
    if account is None:
        yield "has no service account of its own"
    if pod.get("automountServiceAccountToken") is not False or (account or {}).get("automountServiceAccountToken") is not False:
        yield "gets a token of its service account"
    if pod.get("enableServiceLinks") is not False:
        yield "gets variables for each Service, whose names may be those of settings"


def _of_credentials(workload: Workload, objects: Sequence[Object]) -> Iterator[str]:
    if MIGRATIONS.match(workload.title):
        return
    if any("TIDEMARK_POSTGRES_OWNER_URL" in settings(workload, container, objects) for container in workload.containers):
        yield "knows PostgreSQL's owner, and migrates nothing"


def _of_container(container: Mapping[str, Any]) -> Iterator[str]:
    security = container.get("securityContext", {})
    if security.get("privileged"):
        yield "is privileged"
    if security.get("allowPrivilegeEscalation") is not False:
        yield "may gain privileges"
    if security.get("readOnlyRootFilesystem") is not True:
        yield "may write to its root"
    capabilities = security.get("capabilities", {})
    if capabilities.get("drop") != ["ALL"] or capabilities.get("add"):
        yield "keeps capabilities"
    if security.get("runAsUser") == 0 or security.get("runAsNonRoot") is False:
        yield "may run as root"
    if security.get("seccompProfile", {}).get("type", "RuntimeDefault") != "RuntimeDefault":
        yield "its seccomp profile is not RuntimeDefault"
    for port in container.get("ports", []):
        if "hostPort" in port:
            yield f'takes port {port["hostPort"]} of the node'


def _of_image(image: str) -> Iterator[str]:
    if re.search(r"@sha256:[0-9a-f]{64}$", image):
        return
    tag = re.search(r":([^:/]+)$", image)
    if tag is None or tag[1] == "latest":
        yield f"{image} may be another image tomorrow"


def _of_means(container: Mapping[str, Any]) -> Iterator[str]:
    means = container.get("resources", {})
    for kind in ("requests", "limits"):
        for resource in ("cpu", "memory"):
            if resource not in means.get(kind, {}):
                yield f"no {kind} of {resource}"


def _of_redis(container: Mapping[str, Any]) -> Iterator[str]:
    """A fence that is evicted is a lost one (decision 15)."""
    told = [*container.get("command", []), *container.get("args", [])]
    if "redis-server" in told and " --maxmemory-policy noeviction " not in f" {' '.join(map(str, told))} ":
        yield "Redis may evict a fence"


def _of_probes(container: Mapping[str, Any]) -> Iterator[str]:
    for probe in ("livenessProbe", "readinessProbe"):
        if probe not in container:
            yield f"no {probe}"


def _of_its_end(workload: Workload, objects: Sequence[Object]) -> Iterator[str]:
    """A pod is told to stop when it begins to be taken out of the lists of those who may be called."""
    if workload.whole["kind"] != "Deployment" or not workload.name.startswith("tidemark-"):
        return
    if workload.whole["spec"].get("strategy", {}).get("rollingUpdate", {}).get("maxUnavailable") != 0:
        yield "a replica may go before another has come"
    handover = settings(workload, workload.containers[0], objects).get("TIDEMARK_HANDOVER") or "0s"
    seconds = re.fullmatch(r"(\d+)s", handover)
    if not seconds or int(seconds[1]) < MARGIN_SECONDS:
        yield f"a handover of {handover} is over before all have heard of it"
        return
    needed = (int(seconds[1]) * HANDOVERS.get(workload.name, HANDOVERS_OF_SERVICES) + CALLS_UNDER_WAY_SECONDS
              + MARGIN_SECONDS)
    if workload.pod.get("terminationGracePeriodSeconds", 30) < needed:
        yield f"is killed before {needed} s, in which it ends"


def _of_namespaces(objects: Sequence[Object]) -> Iterator[str]:
    namespaces = of_kind(objects, "Namespace")
    for thing in namespaces.values():
        if thing["metadata"].get("labels", {}).get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"{title(thing)}: Pod Security is not enforced as restricted"
    for thing in objects:
        if thing["kind"] != "Namespace" and thing["metadata"].get("namespace") not in namespaces:
            yield f"{title(thing)}: is in no namespace of ours"
