import tempfile
import unittest
from pathlib import Path

from . import made_up_days
from .day import Day, Failed


class DayTest(unittest.TestCase):
    def test_figures_are_those_of_one_day_however_many_there_were(self):
        one, two = (Day.of(made_up_days.result(days=days)) for days in (1, 2))
        self.assertEqual(one.a_day("requests"), 3200)
        self.assertEqual(two.a_day("requests"), 3200)
        self.assertEqual(one.per_user("syncs"), two.per_user("syncs"))
        self.assertAlmostEqual(one.syncs_of("active"), two.syncs_of("active"))

    def test_ratios_are_made_of_their_parts(self):
        day = Day.of(made_up_days.result(database_reads=640, database_writes=320, bytes_sent=3200 * 24, bytes_received=3200 * 1000,
                                         not_modified=3040, checks=1000, answered_without_database=750, head_cache_hits=3,
                                         head_cache_misses=1))
        self.assertAlmostEqual(day.queries_per_sync, 0.3)
        self.assertAlmostEqual(day.kb_per_sync, 1.0)
        self.assertAlmostEqual(day.not_modified_share, 0.95)
        self.assertAlmostEqual(day.answered_share, 0.75)
        self.assertAlmostEqual(day.hit_share, 0.75)

    def test_what_nobody_asked_for_is_read_on_each_day_however_many_users_there_are(self):
        day = Day.of(made_up_days.result(days=2, data_set_reads=500))
        self.assertEqual(day.standing_reads, 9_000 + 250)

    def test_of_what_never_happened_there_is_no_share(self):
        day = Day.of(made_up_days.v1())
        self.assertIsNone(day.answered_share)
        self.assertIsNone(day.hit_share)

    def test_whatever_became_of_an_edit_but_to_be_stored_or_replaced_is_a_fault(self):
        replaced = Day.of(made_up_days.result(edits_made=10, edits_stored=8, edits_replaced=2))
        self.assertEqual(replaced.faults(), [])
        faulty = Day.of(made_up_days.result(edits_made=10, edits_stored=7, edits_lost=1, errors=3, devices_out_of_step=4))
        self.assertEqual(faulty.faults(), ["final: 3 errors", "final: 1 edits lost",
                                           "final: 4 devices that have other tasks than the service",
                                           "final: 2 edits of which nobody knows what became of them"])

    def test_a_result_with_a_count_or_a_bucket_missing_is_refused(self):
        for spoil in (lambda found: found["counts"].pop("pulls"), lambda found: found["series"]["requests"].pop()):
            found = made_up_days.result()
            spoil(found)
            with self.assertRaises((KeyError, ValueError)):
                Day.of(found)

    def test_a_file_that_is_no_result_is_told_by_its_name(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "final.json"
            with self.assertRaisesRegex(Failed, "there is no .*final.json"):
                Day.read(file)
            file.write_text("{}")
            with self.assertRaisesRegex(Failed, "final.json is not a result"):
                Day.read(file)


if __name__ == "__main__":
    unittest.main()
