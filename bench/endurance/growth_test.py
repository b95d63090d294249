import unittest

from endurance.growth import MB, Growth, Look, slope, text_of

EVERY_SECONDS = 5


def growth(mb_per_hour: float = 0.0, fds_more: int = 0, wave: int = 0) -> Growth:
    """Eight minutes."""
    looks = []
    for number in range(96):
        at = 120.0 + number * EVERY_SECONDS
        pss = 20 * MB + int(mb_per_hour * MB * at / 3600) + (wave if number % 2 else 0)
        looks.append(Look(at, pss, pss, pss, 30 + fds_more * number // 95))
    return Growth(looks)


class GrowthTest(unittest.TestCase):
    def test_a_line_has_its_slope(self):
        self.assertAlmostEqual(slope([(0, 5), (1, 7), (2, 9), (10, 25)]), 2.0)

    def test_what_stays_as_it_is_holds(self):
        self.assertTrue(growth().holds)

    def test_what_goes_up_and_down_holds(self):
        self.assertTrue(growth(wave=MB).holds)

    def test_two_megabytes_an_hour_grow(self):
        self.assertFalse(growth(mb_per_hour=2).holds)
        self.assertAlmostEqual(growth(mb_per_hour=2).mb_per_hour, 2, places=2)

    def test_what_is_given_back_holds(self):
        self.assertTrue(growth(mb_per_hour=-5, fds_more=-20).holds)

    def test_what_requests_need_meanwhile_is_no_growth(self):
        busier_and_busier = growth()
        busier_and_busier.looks = [Look(each.at, each.anonymous + (number * MB // 10 if number % 3 else 0), each.pss,
                                        each.rss, each.fds) for number, each in enumerate(busier_and_busier.looks)]
        self.assertTrue(busier_and_busier.holds)

    def test_descriptors_that_are_not_closed_grow(self):
        self.assertFalse(growth(fds_more=60).holds)

    def test_the_table_tells_who_grows_and_who_is_not_judged(self):
        text = text_of({"sync": growth(mb_per_hour=2), "gateway": growth(), "postgres": growth(mb_per_hour=9)},
                       judged=("sync", "gateway"))
        verdicts = {line.split(" | ")[0].strip("| "): line.split(" | ")[-1].strip(" |") for line in text.splitlines()}
        self.assertEqual((verdicts["sync"], verdicts["gateway"], verdicts["postgres"]),
                         ("**grows**", "holds", "not judged"))


if __name__ == "__main__":
    unittest.main()
