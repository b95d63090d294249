import unittest

from . import made_up_days
from .migration import table
from .tables import Notes


class MigrationTest(unittest.TestCase):
    def rows(self, **instead) -> dict[str, list[str]]:
        found = table(made_up_days.all_days(**instead), Notes())
        return {cells[0]: cells for cells in found.rows}

    def test_each_step_is_held_against_the_one_before(self):
        rows = self.rows()
        self.assertEqual(rows["ETag check"][-3:], ["−52 % database queries", "−50 % database queries", "met"])
        self.assertEqual(rows["hash cache"][-3:], ["−83 % database queries", "−80 % database queries", "met"])
        self.assertEqual(rows["smart polling, activity tiers"][-3:], ["−79 % syncs", "−70 % syncs", "met"])
        self.assertEqual(rows["degradation at a low quota"][-3:], ["0 edits lost", "zero loss", "met"])

    def test_a_step_that_does_less_is_explained_and_one_that_does_nothing_is_missed(self):
        less = made_up_days.v1("etag", database_reads=20_000)
        nothing = made_up_days.v1("etag")
        self.assertEqual(self.rows(etag=less)["ETag check"][-1], "explained ¹")
        self.assertEqual(self.rows(etag=nothing)["ETag check"][-1], "**missed**")

    def test_zero_loss_is_shown_by_a_day_whose_quota_did_not_last(self):
        rich = made_up_days.result("degraded", days=2)
        self.assertEqual(self.rows(degraded=rich)["degradation at a low quota"][-1], "**missed**")

    def test_a_device_that_is_not_in_step_at_the_end_is_no_zero_loss(self):
        apart = made_up_days.result("degraded", days=2, read_paused=1, devices_out_of_step=1)
        self.assertEqual(self.rows(degraded=apart)["degradation at a low quota"][-1], "**missed**")


if __name__ == "__main__":
    unittest.main()
