import json
import unittest

from . import generators
from .generators import Failed
from .samples import Outcome

WRK = """Running 2s test @ http://127.0.0.1:1/sync/check
  1 threads and 64 connections
  Latency Distribution
     50%  754.00us
     75%    1.02ms
     90%    2.10ms
     99%    1.01s
  82206 requests in 2.00s, 13.80MB read
Requests/sec:  41055.27
"""
PGBENCH = """transaction type: push.sql
number of transactions actually processed: 1900
number of failed transactions: 2 (0.105%)
latency average = 33.1 ms
initial connection time = 40.1 ms
tps = 950.000000 (without initial connection time)
"""
REDIS = '''"test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms"
"get a","50000.00","1.2","0.1","0.9","2.0","3.5"
'''


class GeneratorsTest(unittest.TestCase):
    def test_the_load_generator_s_line_is_read_with_latencies_in_milliseconds(self):
        line = {"work": "check", "requests": 10, "errors": 1, "seconds": 2.0, "latency_us": {"p50": 1500, "p99": 9000},
                "bytes_sent_per_request": 500.5, "bytes_received_per_request": 200}
        self.assertEqual(generators.from_load(json.dumps(line)),
                         Outcome(10, 2.0, 1, {"p50": 1.5, "p99": 9.0}, 500.5, 200))

    def test_wrk_s_units_become_milliseconds(self):
        self.assertEqual(generators.from_wrk(WRK),
                         Outcome(82206, 2.0, 0, {"p50": 0.754, "p90": 2.1, "p99": 1010.0}))

    def test_wrk_s_errors_count_refused_answers_and_broken_connections(self):
        text = WRK + "  Socket errors: connect 1, read 2, write 0, timeout 4\n  Non-2xx or 3xx responses: 10\n"
        self.assertEqual(generators.from_wrk(text).errors, 17)

    def test_pgbench_s_time_is_without_that_of_connecting(self):
        self.assertEqual(generators.from_pgbench(PGBENCH), Outcome(1900, 2.0, 2))

    def test_redis_benchmark_s_time_follows_from_its_rate(self):
        self.assertEqual(generators.from_redis_benchmark(REDIS, 100_000),
                         Outcome(100_000, 2.0, 0, {"p50": 0.9, "p99": 3.5}))

    def test_a_generator_that_fails_is_quoted(self):
        with self.assertRaisesRegex(Failed, "(?s)bash exited with 3.*no such user"):
            generators.run(["/bin/bash", "-c", "echo no such user >&2; exit 3"])
