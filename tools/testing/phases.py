"""What `./test` runs. A phase prints as it goes and returns its counts."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

import building

from . import counts
from .counts import Counts

ROOT = building.ROOT
# Debian's gRPC is not instrumented for the thread sanitizer: it would report hundreds of races that are none,
# and what silences those also hides real ones. So under it run the tests whose program does not link gRPC.
GRPC_LIBRARY = "libgrpc"
# How `python3 -m manifests` ends where it can look at nothing, and says so.
MANIFESTS_SKIPPED = 3


@dataclass
class Bench:
    """Where a run of ./test works: reports, the running stack, the filter."""
    folder: Path
    wanted: str = ""
    sanitizer: str = ""

    def report(self, name: str) -> Path:
        return self.folder / name


def run(argv: Sequence[str | Path], cwd: Path = ROOT, more_env: Mapping[str, str] = {}) -> int:
    return subprocess.run(argv, cwd=cwd, env=building.env() | dict(more_env), stdin=subprocess.DEVNULL).returncode


def check(*argv: str | Path, cwd: Path = ROOT) -> Counts:
    return counts.of_check(run(argv, cwd))


def format_check(bench: Bench) -> Counts:
    return check(ROOT / "tools" / "format", "--check")


def tidy(bench: Bench) -> Counts:
    return check(ROOT / "tools" / "tidy")


def proto_lint(bench: Bench) -> Counts:
    return check("npm", "run", "--silent", "lint:proto", cwd=ROOT / "tools" / "node")


def settings_doc(bench: Bench) -> Counts:
    return check(ROOT / "tools" / "settings-doc", "--check")


def contract_lint(bench: Bench) -> Counts:
    return check(sys.executable, "-m", "openapi")


def manifests(bench: Bench) -> Counts:
    code = run([sys.executable, "-m", "manifests"])
    return Counts(skipped=1) if code == MANIFESTS_SKIPPED else counts.of_check(code)


def tool_tests(bench: Bench) -> Counts:
    return python_tests(ROOT / "tools", bench)


def bench_tests(bench: Bench) -> Counts:
    return python_tests(ROOT / "bench", bench)


def end_to_end(bench: Bench) -> Counts:
    return python_tests(ROOT / "tests" / "e2e", bench)


def python_tests(folder: Path, bench: Bench) -> Counts:
    report = bench.report(f"{folder.name}.json")
    code = run([sys.executable, "-m", "testing.pytests", folder, report, bench.wanted],
               more_env={"TIDEMARK_E2E_DIR": str(bench.folder)})
    return counts.of_report(report, code, counts.from_json)


def cpp_tests(bench: Bench) -> Counts:
    report = bench.report("ctest.xml")
    argv = [ROOT / "tools" / "servers", "ctest", "--test-dir", building.build_dir(), "--output-on-failure",
            "--parallel", str(max(2, min(4, os.cpu_count() or 2))), "--output-junit", report]
    if bench.wanted:
        argv += ["-R", bench.wanted]
    elif bench.sanitizer == "tsan":
        programs = programs_without_grpc()
        print(f"Under the thread sanitizer only the {len(programs)} test programs that do not link gRPC run:"
              " Debian's gRPC is not instrumented.", flush=True)
        argv += ["-L", "^(" + "|".join(programs) + ")$"]
    return counts.of_report(report, run_ctest([*argv, "--no-label-summary"]), counts.from_junit)


def run_ctest(argv: Sequence[str | Path]) -> int:
    """One line a test: without those that only say that one begins, and without hundreds of dots."""
    with subprocess.Popen(argv, cwd=ROOT, env=building.env(), stdin=subprocess.DEVNULL, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            for line in process.stdout:
                if not re.match(r" +Start +\d+:", line):
                    print(re.sub(r"\.{4,}", " ... ", line), end="", flush=True)
        except KeyboardInterrupt:
            process.terminate()
            raise
    return process.returncode


def programs_without_grpc() -> list[str]:
    """A test program's name is also its label."""
    programs = [path for path in building.build_dir().rglob("*test")
                if path.is_file() and os.access(path, os.X_OK) and "CMakeFiles" not in path.parts]
    return sorted(path.name for path in programs if not _links_grpc(path))


def _links_grpc(program: Path) -> bool:
    return GRPC_LIBRARY in subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout


def fuzzing(bench: Bench) -> Counts:
    report = bench.report("fuzz.json")
    return counts.of_report(report, run([ROOT / "tools" / "fuzz", "--report", report]), counts.from_json)


def web_tests(bench: Bench) -> Counts:
    report = bench.report("vitest.json")
    code = run(["npm", "test", "--silent", "--", "--reporter=default", "--reporter=json", f"--outputFile.json={report}"],
               cwd=ROOT / "web")
    return counts.of_report(report, code, counts.from_vitest)


def browser_tests(bench: Bench) -> Counts:
    report = bench.report("playwright.json")
    code = run(["npm", "run", "--silent", "e2e", "--", "--reporter=list,json"], cwd=ROOT / "web",
               more_env={"TIDEMARK_URL": running_url(bench), "TIDEMARK_LIMITS_FILE": str(limits_file(bench)),
                         "TIDEMARK_STACK_ENV": str(stack_data(bench) / "env"),
                         "PLAYWRIGHT_JSON_OUTPUT_FILE": str(report), "PLAYWRIGHT_JSON_OUTPUT_NAME": str(report)})
    return counts.of_report(report, code, counts.from_playwright)


def example(bench: Bench) -> Counts:
    return counts.of_check(run([ROOT / "examples" / "two-devices.sh"], more_env={"TIDEMARK_URL": running_url(bench)}))


def running_url(bench: Bench) -> str:
    """A stack of our own, started when it is first needed."""
    data = stack_data(bench)
    if not (data / "env").exists():
        limits = limits_file(bench)
        limits.write_text((ROOT / "deploy" / "config" / "limits-dev.textproto").read_text())
        if run([ROOT / "run", "--detach", "--port", "0", "--data", data, "--limits", limits]) != 0:
            return "http://127.0.0.1:9"  # nobody answers: whoever needs it fails
    lines = (data / "env").read_text().splitlines()
    return next(line.removeprefix("TIDEMARK_URL=") for line in lines if line.startswith("TIDEMARK_URL="))


def stack_data(bench: Bench) -> Path:
    return bench.folder / "example"


def limits_file(bench: Bench) -> Path:
    """A copy that a browser test changes while the stack runs, as an operator does."""
    return bench.folder / "limits.textproto"


def stop_stacks(bench: Bench) -> None:
    """Ends what tests have left running, whatever became of them."""
    for env in bench.folder.glob("*/lock"):
        subprocess.run([ROOT / "run", "--stop", "--data", env.parent], stdout=subprocess.DEVNULL)


CHECKS = (("Formatting and the web page's lint", format_check), ("House rules", tidy), ("Protos", proto_lint),
          ("docs/settings.md", settings_doc), ("The API's contract", contract_lint), ("Manifests for Kubernetes", manifests),
          ("Tools", tool_tests),
          ("Benchmarks' own tests", bench_tests))
WEB = (("Web page: unit tests", web_tests),)
WHOLE = (("End to end", end_to_end), ("Web page in Chromium", browser_tests), ("The README's example", example))
CPP = (("C++", cpp_tests),)
FUZZ = (("Fuzzing, shortly", fuzzing),)
EVERYTHING = (*CHECKS, *CPP, *FUZZ, *WEB, *WHOLE)
SANITIZED = {"": EVERYTHING, "asan": (*CPP, ("End to end", end_to_end)), "tsan": CPP}
FILTERED = (*CPP, ("End to end", end_to_end))
