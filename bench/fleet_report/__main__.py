"""The arguments of bench/fleet."""

import argparse
import signal
import sys
from pathlib import Path
from typing import Mapping, Sequence

import building
from endurance import command
from report import document

from . import account, engine, plan, report_page
from .account import Account
from .day import Day, Failed
from .engine import Engine
from .plan import Run
from .progress import Progress

RESULTS = building.ROOT / "build" / "fleet"
PART, COMMAND = "the day", "bench/fleet"


def parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog=COMMAND, description="Lets many users live through a day on a virtual clock, with the real client scheduler and "
        "the real services, V1 beside Final, and prints what it comes to beside the documented figures. Exits with 2 if an "
        "edit is lost or a request fails. Who the users are stands in bench/fleet.json.")
    parser.add_argument("--users", type=int, default=plan.USERS, help=f"how many (default {plan.USERS:,})")
    parser.add_argument("--seed", type=int, default=plan.SEED, help=f"the same seed, the same counts (default {plan.SEED})")
    parser.add_argument("--scenario", action="append", choices=plan.SCENARIOS, default=[],
                        help="only this one, nothing judged; may be given several times")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR",
                        help="where each scenario's counts are kept as JSON (default build/fleet)")
    parser.add_argument("--again", action="store_true", help="live through nothing: tell of the counts in --results")
    parser.add_argument("--report", type=Path, metavar="FILE",
                        help="the page with plots (default report.html in --results)")
    parser.add_argument("--write", action="store_true", help="also write what is printed to docs/benchmarks.md")
    options = parser.parse_args(argv)
    if options.scenario and (options.write or options.report):
        parser.error("--write and --report tell of all scenarios")
    if options.users < 1:
        parser.error("--users: at least one")
    return options


def days_of(options: argparse.Namespace, runs: Sequence[Run]) -> dict[str, Day]:
    if options.again:
        return engine.read(runs, options.results)
    binaries = building.programs((engine.TARGET,), building.ROOT / "build" / "logs" / "fleet.log", command.say)
    living = Engine((binaries / engine.TARGET,), options.results, options.users, options.seed)
    return living.live(runs, Progress(runs))


def tell(options: argparse.Namespace, days: Mapping[str, Day]) -> Account:
    if options.scenario:
        told = account.of_some(days)
        print(told.markdown())
        return told
    told = account.of_all(days)
    print(told.markdown())
    report = options.report or options.results / "report.html"
    report.write_text(report_page.of(told, days))
    command.say(f"The same with plots: {report}")
    if options.write:
        file = command.DOCUMENT
        file.write_text(document.replace(file.read_text(), PART, told.markdown(), COMMAND))
    return told


def main(argv: Sequence[str]) -> int:
    """0: nothing is lost, 1: it could not be measured, 2: an edit is lost or a request failed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is stopped all the same
    options = parse(argv)
    try:
        told = tell(options, days_of(options, plan.only(options.scenario) if options.scenario else plan.whole()))
        for fault in told.faults:
            command.say(f"{COMMAND}: {fault}")
        return 2 if told.faults else 0
    except (building.Failed, Failed, document.NoMarks) as failure:
        print(f"{COMMAND}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
