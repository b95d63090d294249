import unittest

from .samples import Outcome, Sample, Series


def sample(requests: int, seconds: float = 1.0, latency: dict[str, float] | None = None, **cpu: float) -> Sample:
    return Sample(Outcome(requests, seconds, latency=latency or {}), cpu)


class SamplesTest(unittest.TestCase):
    def test_processor_time_is_that_of_all_processes_a_request(self):
        one = sample(1000, gateway=0.05, redis=0.02)
        self.assertAlmostEqual(one.cpu_ms(), 0.07)
        self.assertAlmostEqual(one.cpu_ms("redis"), 0.02)
        self.assertEqual(one.cpu_ms("postgres"), 0)

    def test_a_beginning_takes_its_requests_and_its_cost_away(self):
        rest = sample(1032, postgres=1.3).without(sample(32, postgres=0.3))
        self.assertEqual(rest.outcome.requests, 1000)
        self.assertAlmostEqual(rest.cpu_ms(), 1.0)

    def test_one_disturbed_round_does_not_move_the_median_but_shows_in_the_spread(self):
        series = Series([sample(100, sync=0.1), sample(100, sync=0.11), sample(100, sync=0.3)])
        self.assertAlmostEqual(series.cpu_ms(), 1.1)
        self.assertAlmostEqual(series.spread(), 2.0 / 1.1)

    def test_a_latency_that_nobody_told_is_nothing(self):
        series = Series([sample(1, latency={"p50": 2.0})])
        self.assertEqual((series.latency("p50"), series.latency("p99")), (2.0, None))

    def test_a_round_in_which_nothing_was_answered_divides_by_no_zero(self):
        self.assertEqual(Series([sample(0, sync=0.0)]).spread(), 0.0)
