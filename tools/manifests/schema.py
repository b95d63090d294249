"""Holds objects against the types of Kubernetes' API, by the TypeScript compiler: a field that there is not, a missing one, a
value of another type. Each object becomes `const name = {…} satisfies Deployment`.
"""

import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Iterator, Sequence

import building

from . import ROOT, Object, title

MODULES = ROOT / "tools" / "node" / "node_modules"
COMPILER = ROOT / "web" / "node_modules" / ".bin" / "tsc"
# Where the types of an API group are; {kind} in those that have a file each.
BUILT_IN = {"v1": "core/v1", "apps/v1": "apps/v1", "batch/v1": "batch/v1", "policy/v1": "policy/v1",
            "autoscaling/v2": "autoscaling/v2", "networking.k8s.io/v1": "networking/v1"}
CUSTOM = {"monitoring.coreos.com/v1": "prometheus-operator", "cert-manager.io/v1": "cert-manager",
          "external-secrets.io/v1": "external-secrets"}


def violations(objects: Sequence[Object]) -> Iterator[str]:
    known = [thing for thing in objects if _type_of(thing)]
    for thing in objects:
        if thing not in known:
            yield f'{title(thing)}: no types are known of {thing.get("apiVersion")}'
    with tempfile.TemporaryDirectory(prefix="tidemark-types-") as folder:
        yield from _complaints(Path(folder), known)


def _type_of(thing: Object) -> str | None:
    version, kind = thing.get("apiVersion", ""), thing["kind"]
    if version in BUILT_IN:
        return f'import("kubernetes-types/{BUILT_IN[version]}").{kind}'
    if version in CUSTOM:
        return f'import("@kubernetes-models/{CUSTOM[version]}/{version}/{kind}").I{kind}'
    return None


def _complaints(folder: Path, objects: Sequence[Object]) -> Iterator[str]:
    lines, titles = [], []
    for number, thing in enumerate(objects):
        written = [f"const object{number} = {{", *json.dumps(thing, indent=1).splitlines()[1:-1],
                   f"}} satisfies {_type_of(thing)};"]
        lines += written
        titles += [title(thing)] * len(written)
    (folder / "objects.ts").write_text("\n".join(lines) + "\nexport {};\n")
    (folder / "tsconfig.json").write_text(json.dumps({
        "compilerOptions": {"strict": True, "noEmit": True, "skipLibCheck": True, "types": [], "module": "nodenext",
                            "moduleResolution": "nodenext", "target": "es2022"},
        "files": ["objects.ts"]}))
    (folder / "node_modules").symlink_to(MODULES)
    done = subprocess.run([COMPILER, "--pretty", "false", "--project", folder], capture_output=True, text=True, cwd=folder,
                          env=building.env())
    for line in done.stdout.splitlines():
        if found := re.match(r"objects\.ts\((\d+),\d+\): error (.*)", line):
            yield f"{titles[int(found[1]) - 1]}: {found[2]}"
        elif not line.startswith(" "):
            yield line
    if done.returncode != 0 and not done.stdout:
        yield f"the compiler of types failed: {done.stderr.strip()}"
