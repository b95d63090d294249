"""The rules and the dashboard, read."""

import json
import re
from typing import Any, Iterator

import yaml

from . import DASHBOARD, RULE_TESTS, RULES

# What Grafana puts in place of its variables, as a Prometheus may read it.
VARIABLES = {"$__rate_interval": "5m", "$instance": ".*"}


def rules() -> list[dict[str, Any]]:
    return [rule for file in RULES for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def recorded() -> set[str]:
    return {rule["record"] for rule in rules() if "record" in rule}


def rule_tests() -> Iterator[dict[str, Any]]:
    for file in RULE_TESTS:
        yield from yaml.safe_load(file.read_text())["tests"]


def dashboard() -> dict[str, Any]:
    return json.loads(DASHBOARD.read_text())


def dashboard_queries() -> dict[str, str]:
    """Of each panel, as Prometheus gets them, by panel and reference."""
    queries = {f'{panel["title"]} {target["refId"]}': target["expr"]
               for panel in dashboard()["panels"] for target in panel.get("targets", [])}
    for annotation in dashboard()["annotations"]["list"]:
        if "expr" in annotation:
            queries[f'annotation {annotation["name"]}'] = annotation["expr"]
    return {where: in_place(query) for where, query in queries.items()}


def in_place(query: str) -> str:
    for variable, value in VARIABLES.items():
        query = query.replace(variable, value)
    return query


def anchors(markdown: str) -> set[str]:
    """Of its headings, as a page of it has them."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
