"""Builds overlays as `kubectl apply -k` does, in a copy: secrets that are made for it stay out of the checkout."""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

import yaml

from . import DEPLOY, ROOT, Object

# Before it, patches of some of our kinds are refused.
KUSTOMIZE_MAJOR_MIN = 5
# Where tools/install puts one.
BROUGHT = ROOT / ".tidemark" / "kubectl" / "kubectl"


class NotBuilt(Exception):
    """Its text is kustomize's."""


@dataclass(frozen=True)
class Variant:
    """An overlay, and components that it does not name itself."""
    overlay: str
    components: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " with ".join((self.overlay, *self.components))


VARIANTS = (Variant("dev"), Variant("production"), Variant("dev", ("mtls",)),
            Variant("production", ("tls-transition",)))


def find_kubectl() -> str | None:
    """A program that is new enough."""
    candidates = (shutil.which("kubectl"), str(BROUGHT) if BROUGHT.exists() else None)
    return next((program for program in candidates if program and _is_new_enough(program)), None)


def _is_new_enough(program: str) -> bool:
    asked = subprocess.run([program, "version", "--client", "--output", "json"], capture_output=True, text=True)
    try:
        version = json.loads(asked.stdout)["kustomizeVersion"]
        return int(version.lstrip("v").split(".")[0]) >= KUSTOMIZE_MAJOR_MIN
    except (KeyError, ValueError):
        return False


def render(kubectl: str, variant: Variant) -> list[Object]:
    """The overlay; for production also the Job that is applied alone after a restore."""
    with tempfile.TemporaryDirectory(prefix="tidemark-manifests-") as folder:
        copy = Path(folder) / "deploy"
        shutil.copytree(DEPLOY, copy, ignore=shutil.ignore_patterns("secrets"))
        overlay = copy / "k8s" / "overlays" / variant.overlay
        if (overlay / "make-secrets").exists():
            subprocess.run([overlay / "make-secrets"], check=True)
        _add(variant.components, overlay / "kustomization.yaml")
        alone = (copy / "k8s" / "new-epoch.yaml").read_text() if variant.overlay == "production" else ""
        return [*build(kubectl, overlay), *_read(alone)]


def build(kubectl: str, folder: Path) -> list[Object]:
    # A server it is not asked for, so nobody's configuration matters.
    done = subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, text=True,
                          env=os.environ | {"KUBECONFIG": os.devnull})
    if done.returncode != 0 or done.stderr:
        raise NotBuilt(done.stderr.strip())
    return _read(done.stdout)


def _read(text: str) -> list[Object]:
    return [thing for thing in yaml.safe_load_all(text) if thing]


def _add(components: Sequence[str], file: Path) -> None:
    kustomization = yaml.safe_load(file.read_text())
    named = kustomization.setdefault("components", [])
    named += [f"../../components/{component}" for component in components]
    file.write_text(yaml.safe_dump(kustomization))
