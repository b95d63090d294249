import unittest

from . import made_up_days, what_if
from .day import Day


class WhatIfTest(unittest.TestCase):
    def test_the_budgets_are_those_of_the_free_tier_profile(self):
        self.assertEqual(what_if.BUDGETS, {"requests": 100_000, "database_reads": 5_000_000, "database_writes": 100_000,
                                           "cache_reads": 100_000, "cache_writes": 1_000})

    def test_users_fit_as_often_as_the_scarcest_budget_has_room_for_one(self):
        found = what_if.capacity(Day.of(made_up_days.result()))
        self.assertEqual((found.users, found.first), (31_250, "requests"))
        self.assertEqual(found.reads_pause_at, 28_125)
        writing = what_if.capacity(Day.of(made_up_days.result(database_writes=5000)))
        self.assertEqual((writing.users, writing.first), (20_000, "database_writes"))

    def test_a_used_up_budget_of_the_cache_bounds_nobody(self):
        day = Day.of(made_up_days.result(cache_writes=3200, cache_reads=32_000))
        found = what_if.capacity(day)
        self.assertEqual(found.first, "requests")
        self.assertEqual(found.cache_lasts_for, 312)

    def test_what_is_read_however_many_users_there_are_is_taken_from_the_budget_first(self):
        day = Day.of(made_up_days.result(database_reads=100_000, head_cache_hits=0, data_set_reads=1_000_000))
        found = what_if.capacity(day)
        self.assertEqual(found.per_user["database_reads"], 100)
        self.assertEqual(found.first, "requests")
        heavy = what_if.capacity(Day.of(made_up_days.result(database_reads=1_000_000, head_cache_hits=0,
                                                            data_set_reads=991_000)))
        self.assertEqual((heavy.users, heavy.first), (4_000, "database_reads"))

    def test_what_the_cache_answered_is_read_from_the_database_once_it_is_off(self):
        day = Day.of(made_up_days.result(database_reads=1000, head_cache_hits=2200, head_cache_misses=200))
        self.assertEqual(what_if.capacity(day).per_user["database_reads"], 3)

    def test_final_is_held_against_v1(self):
        ratio = what_if.ratio(Day.of(made_up_days.v1()), Day.of(made_up_days.result()))
        self.assertAlmostEqual(ratio, 31_250 / 6_666)


if __name__ == "__main__":
    unittest.main()
