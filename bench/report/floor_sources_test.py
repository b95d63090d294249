import unittest

from . import floor_sources
from .floors import BUCKET_SOURCE


class FloorSourcesTest(unittest.TestCase):
    def test_every_script_is_there(self):
        for name in floor_sources.SCRIPTS:
            self.assertIn("bench.picks", floor_sources.sql_script(name).read_text(), name)

    def test_the_bucket_script_is_found_where_the_rate_limiter_keeps_it(self):
        self.assertIn("redis.call('GET', KEYS[1])", floor_sources.bucket_script(BUCKET_SOURCE.read_text()))
