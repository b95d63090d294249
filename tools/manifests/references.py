"""What one object says of another is there: Kubernetes itself would notice when it runs, or never."""

import re
from typing import Any, Iterator, Mapping, Sequence

from . import ROOT, Object, title
from .workloads import Workload, of_kind, selects, settings, workloads

SETTINGS = ROOT / "docs" / "settings.md"
# Not settings of ours: the images of PostgreSQL and Redis have their own.
OURS = "TIDEMARK_"


def violations(objects: Sequence[Object]) -> Iterator[str]:
    known = known_settings(SETTINGS.read_text())
    for workload in workloads(objects):
        for said in (*_volumes(workload, objects), *_environment(workload, objects), *_settings(workload, objects, known)):
            yield f"{workload.title}: {said}"
    for service in of_kind(objects, "Service").values():
        yield from (f"{title(service)}: {said}" for said in _service(service, objects))
    for ingress in of_kind(objects, "Ingress").values():
        yield from (f"{title(ingress)}: {said}" for said in _ingress(ingress, objects))
    yield from _replicas(objects)


def known_settings(document: str) -> dict[str, set[str]]:
    """By program, as docs/settings.md has them."""
    known: dict[str, set[str]] = {}
    for program, rows in re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", document, re.MULTILINE | re.DOTALL):
        known[program] = set(re.findall(rf"^\| `--[\w-]+` \| `({OURS}\w+)`", rows, re.MULTILINE))
    return known


def _made_secrets(objects: Sequence[Object]) -> dict[str, set[str]]:
    """Keys by name: those that are here, and those that an operator will make."""
    made = {name: set(secret.get("data", {})) | set(secret.get("stringData", {}))
            for name, secret in of_kind(objects, "Secret").items()}
    for secret in of_kind(objects, "ExternalSecret").values():
        made[secret["spec"]["target"]["name"]] = {entry["secretKey"] for entry in secret["spec"]["data"]}
    for certificate in of_kind(objects, "Certificate").values():
        made[certificate["spec"]["secretName"]] = {"tls.crt", "tls.key", "ca.crt"}
    return made


def _volumes(workload: Workload, objects: Sequence[Object]) -> Iterator[str]:
    maps, secrets = of_kind(objects, "ConfigMap"), _made_secrets(objects)
    volumes = {volume["name"]: volume for volume in workload.pod.get("volumes", [])}
    claimed = {claim["metadata"]["name"] for claim in workload.whole["spec"].get("volumeClaimTemplates", [])}
    for volume in volumes.values():
        if "configMap" in volume and volume["configMap"]["name"] not in maps:
            yield f'no ConfigMap {volume["configMap"]["name"]}'
        if "secret" in volume and volume["secret"]["secretName"] not in secrets:
            yield f'no Secret {volume["secret"]["secretName"]}'
    for container in workload.containers:
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in {*volumes, *claimed}:
                yield f'no volume {mount["name"]}'


def _environment(workload: Workload, objects: Sequence[Object]) -> Iterator[str]:
    maps, secrets = of_kind(objects, "ConfigMap"), _made_secrets(objects)
    for container in workload.containers:
        for source in container.get("envFrom", []):
            name = source["configMapRef"]["name"]
            if name not in maps:
                yield f"no ConfigMap {name}"
        for variable in container.get("env", []):
            wanted = variable.get("valueFrom", {}).get("secretKeyRef")
            if wanted and wanted["key"] not in secrets.get(wanted["name"], set()):
                yield f'no {wanted["key"]} in a Secret {wanted["name"]}'


def _settings(workload: Workload, objects: Sequence[Object], known: Mapping[str, set[str]]) -> Iterator[str]:
    services = of_kind(objects, "Service")
    for container in workload.containers:
        program = re.search(r"(tidemark-\w+)(?=[:@])", container["image"])
        for name, value in settings(workload, container, objects).items():
            if program and name.startswith(OURS) and name not in known[program[1]]:
                yield f"{program[1]} has no setting {name}"
            if name.endswith("_ADDRESS") and value:
                host, _, port = value.partition(":")
                if int(port) not in [entry["port"] for entry in services.get(host, {"spec": {"ports": []}})["spec"]["ports"]]:
                    yield f"{name}: no Service answers at {value}"
            if name == "TIDEMARK_LIMITS_FILE" and value:
                yield from _limits_file(workload, container, value, objects)


def _limits_file(workload: Workload, container: Mapping[str, Any], path: str, objects: Sequence[Object]) -> Iterator[str]:
    maps = of_kind(objects, "ConfigMap")
    volumes = {volume["name"]: volume.get("configMap", {}).get("name") for volume in workload.pod.get("volumes", [])}
    files = {f'{mount["mountPath"]}/{key}' for mount in container.get("volumeMounts", [])
             for key in maps.get(volumes.get(mount["name"], ""), {}).get("data", {})}
    if path not in files:
        yield f"no file {path}"


def _service(service: Object, objects: Sequence[Object]) -> Iterator[str]:
    pods = [workload for workload in workloads(objects)
            if selects({"matchLabels": service["spec"]["selector"]}, workload.labels)]
    if not pods:
        yield "nobody is behind it"
    for pod in pods:
        ports = {port["name"] for container in pod.containers for port in container.get("ports", [])}
        yield from (f'{pod.title} has no port {port["targetPort"]}' for port in service["spec"]["ports"]
                    if port["targetPort"] not in ports)


def _ingress(ingress: Object, objects: Sequence[Object]) -> Iterator[str]:
    services = of_kind(objects, "Service")
    for rule in ingress["spec"]["rules"]:
        for path in rule["http"]["paths"]:
            wanted = path["backend"]["service"]
            service = services.get(wanted["name"])
            if service is None or wanted["port"]["name"] not in [port["name"] for port in service["spec"]["ports"]]:
                yield f'{path["path"]}: no Service {wanted["name"]} with a port {wanted["port"]["name"]}'
            elif service["spec"].get("publishNotReadyAddresses"):
                yield f'{path["path"]}: {wanted["name"]} lists replicas that are not ready'
        if rule["host"] not in [host for entry in ingress["spec"].get("tls", []) for host in entry["hosts"]]:
            yield f'{rule["host"]} has no TLS'


def _replicas(objects: Sequence[Object]) -> Iterator[str]:
    """Where replicas come and go by themselves, each of our Deployments has more than one, and all that goes with it."""
    scalers = {scaler["spec"]["scaleTargetRef"]["name"]: scaler
               for scaler in of_kind(objects, "HorizontalPodAutoscaler").values()}
    if not scalers:
        return
    budgets = of_kind(objects, "PodDisruptionBudget").values()
    for name, deployment in of_kind(objects, "Deployment").items():
        labels = Workload(deployment).labels
        if name not in scalers or scalers[name]["spec"].get("minReplicas", 1) < 2:
            yield f"{title(deployment)}: may have one replica alone"
        if "replicas" in deployment["spec"]:
            yield f"{title(deployment)}: says how many replicas there are, and so does its scaler"
        if not any(selects(budget["spec"]["selector"], labels) for budget in budgets):
            yield f"{title(deployment)}: has no PodDisruptionBudget"
        spread = Workload(deployment).pod.get("topologySpreadConstraints", [])
        if not all(any(entry["topologyKey"] == key and selects(entry["labelSelector"], labels) for entry in spread)
                   for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")):
            yield f"{title(deployment)}: its replicas may all be in one place"
    for name in scalers.keys() - of_kind(objects, "Deployment").keys():
        yield f"HorizontalPodAutoscaler {name}: scales nothing"
