import unittest

from scaling.spread import answered, shares, spread

METRICS = """\
# TYPE tidemark_rpc_total counter
tidemark_rpc_total{code="OK",method="/tidemark.v1.SyncService/Check"} 40
tidemark_rpc_total{code="UNAVAILABLE",method="/tidemark.v1.SyncService/Sync"} 2
tidemark_rpc_total{code="OK",method="/tidemark.v1.AuthService/WatchRevocations"} 7
tidemark_rpc_seconds_count{method="/tidemark.v1.SyncService/Check"} 40
"""


class SpreadTest(unittest.TestCase):
    def test_calls_of_all_methods_count_whatever_came_of_them_but_not_streams(self):
        self.assertEqual(answered(METRICS), 42)

    def test_what_was_answered_before_does_not_count(self):
        self.assertEqual(shares({"a": 100, "b": 5}, {"a": 130, "b": 25}), [30, 20])

    def test_the_busiest_is_held_against_the_idlest(self):
        self.assertEqual(spread([30, 20, 24]), 1.5)

    def test_a_replica_that_nobody_asks_is_no_share_at_all(self):
        self.assertEqual(spread([30, 0]), float("inf"))


if __name__ == "__main__":
    unittest.main()
