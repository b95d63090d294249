"""The command on results that are made up, and the engine's stand-in."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

from . import __main__ as fleet
from . import made_up_days, plan
from .day import Failed
from .engine import Engine
from .progress import Progress

# Speaks as tidemark-fleet does; what it was told is in its result's settings.
STAND_IN = """\
import json, sys
words = sys.argv[1:]
scenario = words[words.index("--scenario") + 1]
print("progress 0.5", file=sys.stderr)
print("something for the person", file=sys.stderr)
if scenario == "devices":
    sys.exit(3)
result = json.load(open(sys.argv[0] + ".json"))
result["settings"] = {"scenario": scenario, "set": [word for word in words if "=" in word]}
json.dump(result, sys.stdout)
"""


class Told:
    """A terminal, or a file that is none."""

    def __init__(self, is_terminal: bool):
        self.text = io.StringIO()
        self.write, self.flush, self.isatty = self.text.write, self.text.flush, lambda: is_terminal


class CommandTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_again(self, **instead) -> tuple[int, str, str]:
        made_up_days.write(self.folder, **instead)
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            code = fleet.main(["--again", "--results", str(self.folder)])
        return code, out.getvalue(), err.getvalue()

    def test_tables_and_page_are_made_of_kept_results(self):
        code, out, _ = self.run_again()
        self.assertEqual(code, 0)
        for title in ("A day of 1,000 users", "From V1 to Final", "What fits the free tier", "2.0 devices",
                      "How long a head is kept"):
            self.assertIn(title, out)
        self.assertIn("<h1>A day of 1,000 users</h1>", (self.folder / "report.html").read_text())

    def test_a_lost_edit_fails_the_command(self):
        lost = made_up_days.result("degraded", days=2, read_paused=1, edits_made=9, edits_stored=8, edits_lost=1)
        code, out, err = self.run_again(degraded=lost)
        self.assertEqual(code, 2)
        self.assertIn("degraded: 1 edits lost", err)
        self.assertIn("degraded: 1 edits lost", out)

    def test_an_error_in_any_scenario_fails_the_command(self):
        code, _, err = self.run_again(v1=made_up_days.v1(errors=4))
        self.assertEqual((code, "v1: 4 errors" in err), (2, True))

    def test_without_results_it_says_what_to_do(self):
        with contextlib.redirect_stderr(io.StringIO()) as err:
            code = fleet.main(["--again", "--results", str(self.folder)])
        self.assertEqual(code, 1)
        self.assertIn("run bench/fleet without --again first", err.getvalue())

    def test_results_of_different_fleets_are_not_told_together(self):
        other = made_up_days.result("devices", users=190, devices=2.0)
        code, _, err = self.run_again(devices=other)
        self.assertEqual(code, 1)
        self.assertIn("devices is of 190 users with seed 1, not of 200", err)

    def test_one_scenario_alone_is_shown_and_not_judged(self):
        made_up_days.write(self.folder)
        with contextlib.redirect_stdout(io.StringIO()) as out:
            code = fleet.main(["--again", "--results", str(self.folder), "--scenario", "v1", "--scenario", "final"])
        self.assertEqual(code, 0)
        self.assertIn("| v1 ", out.getvalue())
        self.assertNotIn("documented", out.getvalue())


class EngineTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        program = self.folder / "stand-in.py"
        program.write_text(STAND_IN)
        program.with_name("stand-in.py.json").write_text(json.dumps(made_up_days.result()))
        self.engine = Engine((sys.executable, program), self.folder / "results", users=500, seed=7)

    def test_each_run_has_its_people_seed_and_settings(self):
        run = plan.Run("lifetime_60", "final", 0.1, (("cache_lifetime_seconds", "60"),))
        told = Told(is_terminal=False)
        days = self.engine.live([run], Progress([run], told))
        settings = days["lifetime_60"].settings
        self.assertEqual(settings, {"scenario": "final", "set": ["/users=50", "/seed=7", "cache_lifetime_seconds=60"]})
        self.assertEqual(told.text.getvalue(), "lifetime_60…\n")

    def test_a_program_that_fails_is_told_with_its_last_words_and_no_old_result_passes_for_its_own(self):
        run = plan.Run("devices", "devices")
        old = self.engine.result_of(run)
        old.parent.mkdir()
        old.write_text("{}")
        with self.assertRaisesRegex(Failed, "(?s)devices: .*exited with 3.*something for the person"):
            self.engine.live([run], Progress([run], Told(is_terminal=False)))
        self.assertFalse(old.exists())


class ProgressTest(unittest.TestCase):
    def test_the_bar_counts_what_is_done_of_all_scenarios_and_what_that_leaves_to_wait(self):
        runs = [plan.Run("v1", "v1", weight=15), plan.Run("final", "final", weight=5)]
        at, told = [0.0], Told(is_terminal=True)
        progress = Progress(runs, told, lambda: at[0])
        progress.begin(runs[0])
        progress.end(runs[0])
        at[0] = 180.0
        progress.tell(runs[1], 0.5)
        last = told.text.getvalue().split("\r\033[K")[-1]
        self.assertIn("#" * 35 + ".....", last)
        self.assertIn("0:25 left  final 50%", last)


if __name__ == "__main__":
    unittest.main()
