"""What tidemark-fleet wrote of 60 users: that it is read, and that what the notes say of it is so."""

import unittest
from pathlib import Path

from . import explanations, figures, made_up_days, migration
from .day import Day
from .tables import Notes

RECORDED = Path(__file__).with_name("recorded")
V1, FINAL, DEGRADED = (Day.read(RECORDED / f"{name}_day.json") for name in ("v1", "final", "degraded"))


class RecordedTest(unittest.TestCase):
    def test_nothing_is_lost_and_the_parts_are_the_whole(self):
        for day in (V1, FINAL, DEGRADED):
            self.assertEqual(day.faults(), [])
            for name in ("requests", "database_reads", "database_writes"):
                self.assertEqual(sum(part.get(name, 0) for part in day.by_service.values()), day.counts[name])

    def test_the_statements_that_the_notes_speak_of_are_all_that_syncs_send(self):
        reads = (explanations.READS_OF_A_PUSH * FINAL.counts["pushes"] + explanations.READS_OF_A_PULL * FINAL.counts["pulls"]
                 + explanations.READS_OF_A_MISS * FINAL.counts["head_cache_misses"])
        self.assertEqual(FINAL.by_service["sync"]["database_reads"], reads)
        self.assertEqual(FINAL.counts["cache_writes"], FINAL.counts["pushes"] + FINAL.counts["head_cache_misses"])
        for day in (V1, FINAL):
            auth = day.by_service["auth"]
            self.assertEqual((auth["database_reads"], auth["database_writes"]), (auth["requests"], auth["requests"]))

    def test_each_figure_is_met_or_its_note_accounts_for_it(self):
        table = figures.beside_documented(V1, FINAL, Day.of(made_up_days.result("final_300s")), Notes())
        missed = [row[0] for row in table.rows if row[5] == figures.MISSED]
        self.assertEqual(missed, [])

    def test_the_day_with_too_small_a_quota_shows_zero_loss(self):
        self.assertTrue(migration.was_short(DEGRADED))
        self.assertGreater(DEGRADED.counts["deferred_pulls"], 0)


if __name__ == "__main__":
    unittest.main()
