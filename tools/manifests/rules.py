"""The rules of deploy/observability as a PrometheusRule, which the Prometheus Operator reads."""

from pathlib import Path
from typing import Iterator

import yaml

from observability import RULES

from . import DEPLOY, Object

FILE = DEPLOY / "k8s" / "components" / "monitoring" / "rules.yaml"
HOW = "by `PYTHONPATH=tools python3 -m manifests --write`"


def prometheus_rule() -> Object:
    groups = [group for file in RULES for group in yaml.safe_load(file.read_text())["groups"]]
    return {"apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule", "metadata": {"name": "tidemark"},
            "spec": {"groups": groups}}


def write(file: Path = FILE) -> None:
    file.write_text(f"# From deploy/observability/rules, {HOW}.\n" + yaml.safe_dump(prometheus_rule(), sort_keys=False, width=120, allow_unicode=True))


def violations(file: Path = FILE) -> Iterator[str]:
    if yaml.safe_load(file.read_text()) != prometheus_rule():
        yield f"{file.name} is not what deploy/observability/rules says; make it so {HOW}"
