"""Who may call whom, by NetworkPolicies: exactly what the table of ARCHITECTURE.md says."""

import re
from typing import Any, Iterator, Mapping, Sequence

from . import Object
from .workloads import of_kind, selects, workloads

# From, to, port.
Call = tuple[str, str, str]
ANYBODY = "anybody"
# Who is outside our namespace, by the name of theirs.
NAMESPACES = {"ingress-nginx": "ingress", "monitoring": "prometheus"}
# What is outside the cluster, by its port.
STORES = {"5432": "postgres", "6379": "redis"}
DNS = "53"
PROMETHEUS = "prometheus"


def violations(objects: Sequence[Object], architecture: str) -> Iterator[str]:
    policies = list(of_kind(objects, "NetworkPolicy").values())
    if not any(_denies_all(policy["spec"]) for policy in policies):
        yield "NetworkPolicies: what none is about is allowed"
    inside = {workload.name.removeprefix("tidemark-"): workload.labels for workload in workloads(objects)}
    out, into = set(_outgoing(policies, inside)), set(_incoming(policies, inside))
    yield from (f"NetworkPolicies: {_text(call)} may be sent and is not let in"
                for call in sorted(out - into) if call[1] in inside)
    yield from (f"NetworkPolicies: {_text(call)} is let in and may not be sent"
                for call in sorted(into - out) if call[0] in inside)
    allowed = {call for call in out | into if (call in into or call[1] not in inside) and (call in out or call[0] not in inside)}
    drawn = {call for call in table(architecture) if call[0] != PROMETHEUS or "PodMonitor" in {thing["kind"] for thing in objects}}
    yield from (f"NetworkPolicies: {_text(call)} is allowed, and ARCHITECTURE.md has no such arrow"
                for call in sorted(allowed - drawn))
    yield from (f"NetworkPolicies: {_text(call)} is an arrow of ARCHITECTURE.md, and not allowed"
                for call in sorted(drawn - allowed))


def table(architecture: str) -> set[Call]:
    """The rows below "Who calls whom": | from | to | port | for |."""
    section = re.search(r"^## Who calls whom\n(.*?)(?=^## |\Z)", architecture, re.MULTILINE | re.DOTALL)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in (section[1] if section else "").splitlines()
            if line.startswith("|")][2:]
    return {(caller, called, port) for callers, all_called, port, _ in rows
            for caller in callers.split(", ") for called in all_called.split(", ")}


def _text(call: Call) -> str:
    return f"{call[0]} → {call[1]}:{call[2]}"


def _denies_all(spec: Mapping[str, Any]) -> bool:
    return (spec["podSelector"] == {} and set(spec.get("policyTypes", [])) == {"Ingress", "Egress"}
            and not spec.get("ingress") and not spec.get("egress"))


def _outgoing(policies: Sequence[Object], inside: Mapping[str, Mapping[str, str]]) -> Iterator[Call]:
    for spec in (policy["spec"] for policy in policies):
        callers = [name for name, labels in inside.items() if selects(spec["podSelector"], labels)]
        for rule in spec.get("egress", []):
            for port in _ports(rule):
                for called in _peers(rule.get("to"), inside, STORES.get(port, "outside")):
                    yield from ((caller, called, port) for caller in callers if not (port == DNS and called == "kube-system"))


def _incoming(policies: Sequence[Object], inside: Mapping[str, Mapping[str, str]]) -> Iterator[Call]:
    for spec in (policy["spec"] for policy in policies):
        called = [name for name, labels in inside.items() if selects(spec["podSelector"], labels)]
        for rule in spec.get("ingress", []):
            for port in _ports(rule):
                for caller in _peers(rule.get("from"), inside, "outside"):
                    yield from ((caller, name, port) for name in called)


def _ports(rule: Mapping[str, Any]) -> list[str]:
    return [str(port["port"]) for port in rule.get("ports", [])] or ["any"]


def _peers(peers: Sequence[Mapping[str, Any]] | None, inside: Mapping[str, Mapping[str, str]], outside: str) -> Iterator[str]:
    for peer in peers or [{}]:
        if "ipBlock" in peer:
            yield ANYBODY if peer["ipBlock"]["cidr"].endswith("/0") else outside
        elif "namespaceSelector" in peer:
            namespace = peer["namespaceSelector"].get("matchLabels", {}).get("kubernetes.io/metadata.name", ANYBODY)
            yield NAMESPACES.get(namespace, namespace) if peer.get("podSelector") else ANYBODY
        elif "podSelector" in peer:
            yield from (name for name, labels in inside.items() if selects(peer["podSelector"], labels))
        else:
            yield ANYBODY
