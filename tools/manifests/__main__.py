"""Builds every overlay and holds it against the types of Kubernetes' API and the rules of the house. ./test calls it.

    python3 -m manifests            prints what breaks a rule, one a line; exit code 1 if anything does, 3 if nothing
                                    could be looked at
    python3 -m manifests --write    writes what is made of other files
"""

import sys
from typing import Iterator, Sequence

from . import ROOT, Object, calls, edge, pods, references, rendering, rules, schema, tls

SKIPPED = 3


def of_objects(objects: Sequence[Object]) -> Iterator[str]:
    """Whatever any overlay keeps."""
    yield from pods.violations(objects)
    yield from references.violations(objects)
    yield from calls.violations(objects, (ROOT / "ARCHITECTURE.md").read_text())
    yield from edge.violations(objects)
    yield from tls.violations(objects)


def main() -> int:
    if sys.argv[1:] == ["--write"]:
        rules.write()
        return 0
    kubectl = rendering.find_kubectl()
    if kubectl is None:
        print("SKIPPED: the manifests of deploy/k8s were NOT built, nor held against anything: this needs a kubectl with"
              f" kustomize {rendering.KUSTOMIZE_MAJOR_MIN}, and tools/install has none for this machine.")
        return SKIPPED
    found = list(rules.violations())
    for variant in rendering.VARIANTS:
        try:
            objects = rendering.render(kubectl, variant)
        except rendering.NotBuilt as failure:
            found.append(f"{variant}: is not built: {failure}")
            continue
        found += [f"{variant}: {said}" for said in (*schema.violations(objects), *of_objects(objects))]
        print(f"{variant}: {len(objects)} objects")
    print("\n".join(found) or "manifests: every overlay is built, of the right types, and keeps the rules of the house")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
