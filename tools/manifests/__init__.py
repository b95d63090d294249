"""The manifests for Kubernetes, deploy/k8s: how they are built, and what is held true of them. docs/kubernetes.md."""

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"

# A Kubernetes object as YAML tells it.
Object = dict[str, Any]


def title(thing: Object) -> str:
    return f'{thing["kind"]} {thing["metadata"]["name"]}'
