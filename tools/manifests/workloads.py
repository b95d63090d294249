"""What runs pods, and the pods."""

from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Sequence

from . import Object, title

SERVING = ("Deployment", "StatefulSet", "DaemonSet")
WORKLOADS = (*SERVING, "Job", "CronJob", "Pod")
NAME = "app.kubernetes.io/name"


@dataclass(frozen=True)
class Workload:
    """Something that runs pods."""
    whole: Object

    @property
    def title(self) -> str:
        return title(self.whole)

    @property
    def serves(self) -> bool:
        return self.whole["kind"] in SERVING

    @property
    def template(self) -> dict[str, Any]:
        if self.whole["kind"] == "Pod":
            return self.whole
        spec = self.whole["spec"]
        return (spec["jobTemplate"]["spec"] if self.whole["kind"] == "CronJob" else spec)["template"]

    @property
    def labels(self) -> Mapping[str, str]:
        return self.template["metadata"].get("labels", {})

    @property
    def name(self) -> str:
        return self.labels.get(NAME, "")

    @property
    def pod(self) -> dict[str, Any]:
        return self.template["spec"]

    @property
    def containers(self) -> list[dict[str, Any]]:
        return [*self.pod.get("initContainers", []), *self.pod["containers"]]


def workloads(objects: Sequence[Object]) -> Iterator[Workload]:
    return (Workload(thing) for thing in objects if thing["kind"] in WORKLOADS)


def of_kind(objects: Sequence[Object], kind: str) -> dict[str, Object]:
    return {thing["metadata"]["name"]: thing for thing in objects if thing["kind"] == kind}


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """A LabelSelector; empty: everything."""
    return (all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
            and all(_holds(expression, labels) for expression in selector.get("matchExpressions", [])))


def _holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, values = expression["key"], expression.get("values", [])
    return {"In": labels.get(key) in values, "NotIn": labels.get(key) not in values, "Exists": key in labels,
            "DoesNotExist": key not in labels}[expression["operator"]]


def settings(workload: Workload, container: Mapping[str, Any], objects: Sequence[Object]) -> dict[str, str | None]:
    """Environment variables as the container gets them; None: from a Secret."""
    maps = of_kind(objects, "ConfigMap")
    found: dict[str, str | None] = {}
    for source in container.get("envFrom", []):
        if "configMapRef" in source:
            found |= maps.get(source["configMapRef"]["name"], {}).get("data", {})
    return found | {variable["name"]: variable.get("value") for variable in container.get("env", [])}
