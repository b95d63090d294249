import unittest

from . import made_up_days
from .day import Day
from .documented import FIGURES, Bound, Is
from .figures import beside_documented, with_several_devices
from .tables import Notes

V1 = Day.of(made_up_days.v1())
SHORT = Day.of(made_up_days.result("final_300s", answered_without_database=0))
VERDICT, AT_300_S = 5, 6


def row(table, label: str) -> list[str]:
    return next(cells for cells in table.rows if cells[0] == label)


class BoundTest(unittest.TestCase):
    def test_a_mean_is_met_within_a_twentieth_a_bound_exactly(self):
        met = [Bound(Is.ABOUT, 100).is_met(value) for value in (94, 95, 105, 106)]
        self.assertEqual(met, [False, True, True, False])
        self.assertEqual([Bound(Is.MOST, 1).is_met(value) for value in (1, 1.01)], [True, False])
        self.assertEqual([Bound(Is.LEAST, 1).is_met(value) for value in (1, 0.99)], [True, False])


class BesideDocumentedTest(unittest.TestCase):
    def judge(self, **counts: int) -> tuple:
        notes = Notes()
        return beside_documented(V1, Day.of(made_up_days.result(**counts)), SHORT, notes), notes

    def test_a_day_as_documented_meets_every_figure(self):
        table, notes = self.judge()
        self.assertEqual({cells[VERDICT] for cells in table.rows}, {"met"})
        self.assertEqual(notes.texts, [])
        self.assertEqual(len(table.rows), len(FIGURES))

    def test_totals_are_documented_for_as_many_users_as_there_are(self):
        table, _ = self.judge()
        self.assertEqual(row(table, "requests a day")[1:], ["≈ 15,000", "15,000", "≈ 3,200", "3,200", "met", "3,200"])
        self.assertEqual(row(table, "database reads a day")[3], "≤ 640")

    def test_a_figure_that_its_explanation_accounts_for_is_explained_by_a_note(self):
        # Each sync renews its session first, which reads one statement and writes one.
        table, notes = self.judge(auth=3200, database_reads=160 * 6, database_writes=160)
        cells = row(table, "requests a day")
        self.assertEqual(cells[VERDICT - 1:AT_300_S], ["6,400 ¹", "explained ¹"])
        self.assertIn("3,200 of the requests renew a session", notes.texts[0])
        self.assertTrue(row(table, "database reads a day")[VERDICT].startswith("explained "))
        self.assertTrue(row(table, "database writes a day")[VERDICT].startswith("explained "))

    def test_reads_that_no_statement_accounts_for_are_missed(self):
        table, _ = self.judge(database_reads=2_000)
        self.assertEqual(row(table, "database reads a day")[VERDICT], "**missed**")
        self.assertEqual(row(table, "database queries a sync")[VERDICT], "**missed**")

    def test_syncs_that_end_in_no_304_though_nothing_was_pushed_or_pulled_are_missed(self):
        table, _ = self.judge(not_modified=1000)
        self.assertEqual(row(table, "syncs that end in a 304")[VERDICT], "**missed**")

    def test_a_head_that_is_read_more_than_once_a_day_is_not_explained_by_its_lifetime(self):
        once, _ = self.judge(answered_without_database=2000, head_cache_misses=1000)
        twice, _ = self.judge(answered_without_database=1000, head_cache_misses=2000)
        self.assertEqual(row(once, "checks without the database")[VERDICT], "explained ¹")
        self.assertEqual(row(twice, "checks without the database")[VERDICT], "**missed**")

    def test_too_few_users_are_explained_where_what_runs_out_is(self):
        explained, _ = self.judge(auth=3200)
        missed, _ = self.judge(database_writes=90_000)
        self.assertIn("explained", row(explained, "users within the free tier")[VERDICT])
        self.assertEqual(row(missed, "users within the free tier")[VERDICT], "**missed**")

    def test_the_documented_lifetime_is_shown_beside_the_default(self):
        table, _ = self.judge()
        self.assertEqual(row(table, "checks without the database")[VERDICT - 1:], ["84.2%", "met", "0.0%"])

    def test_what_v1_and_final_miss_for_two_reasons_has_two_notes(self):
        notes = Notes()
        v1, final = (Day.of(made(auth=3_000)) for made in (made_up_days.v1, made_up_days.result))
        table = beside_documented(v1, final, SHORT, notes)
        self.assertEqual(row(table, "requests a day")[VERDICT], "explained ¹ ²")

    def test_what_v1_misses_is_told_as_well(self):
        notes = Notes()
        table = beside_documented(Day.of(made_up_days.v1(bytes_received=1000)), Day.of(made_up_days.result()), SHORT, notes)
        self.assertEqual(row(table, "bytes a sync")[VERDICT], "explained ¹")
        self.assertIn("cursor", notes.texts[0])


class WithSeveralDevicesTest(unittest.TestCase):
    def test_each_figure_is_held_against_that_of_one_device(self):
        one = (V1, Day.of(made_up_days.result()))
        several = tuple(Day.of(made_up_days.SPECIAL[name]) for name in ("v1_devices", "devices"))
        table = with_several_devices(one, several)
        self.assertEqual(row(table, "syncs a user"),
                         ["syncs a user", "≈ 15.0", "15.0", "1.00x", "≈ 3.20", "6.40", "2.00x"])
        self.assertIn("2.0 devices", table.title)

    def test_what_is_counted_for_all_is_held_against_as_many_people(self):
        one = (V1, Day.of(made_up_days.result(cache_writes=1_000)))
        fewer = Day.of(made_up_days.result("devices", users=200, devices=2.0, syncs=6.4, cache_writes=600))
        table = with_several_devices(one, (Day.of(made_up_days.v1("v1_devices", 200, devices=2.0)), fewer))
        self.assertEqual(row(table, "requests a day")[4:], ["≈ 640", "1,280", "2.00x"])
        self.assertEqual(row(table, "cache writes a day")[4:], ["≤ 1,000", "600", "3.00x"])


if __name__ == "__main__":
    unittest.main()
