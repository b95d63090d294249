import unittest

from . import sources

ERRORS = '''
    CodeInfo{Code::kBadType, "bad_type", 400, StatusCode::kInvalidArgument, "A value has the wrong type"},
    CodeInfo{Code::kInternal, "internal", 500, StatusCode::kInternal, "An error on our side"},
    CodeInfo{Code::kReadPaused, "read_paused", 503, StatusCode::kUnavailable,
             "Read-only sync paused"},
'''
TABLE = {"bad_type": {"status": 400, "title": "A value has the wrong type"},
         "read_paused": {"status": 503, "title": "Read-only sync paused"}}
ROUTES = '''
  router.Add("GET", "/devices", NeedsToken(Devices));
  router.Add("POST", "/sync",
             NeedsToken(Sync));
  files.Add("/docs", "text/html", page);
  router.Add("GET", path, ServesFile(file), "web");
'''


class SourcesTest(unittest.TestCase):
    def test_the_same_codes_have_no_fault(self):
        self.assertEqual(list(sources.code_faults(TABLE, ERRORS)), [])

    def test_a_code_that_differs_or_is_on_one_side_alone_is_told(self):
        for name, table in (("read_paused", TABLE | {"read_paused": {"status": 429, "title": "Read-only sync paused"}}),
                            ("bad_type", {"read_paused": TABLE["read_paused"]}),
                            ("new_code", TABLE | {"new_code": {"status": 400, "title": "New"}})):
            with self.subTest(name):
                [fault] = sources.code_faults(table, ERRORS)
                self.assertTrue(fault.startswith(f"{name} is "), fault)

    def test_a_route_that_is_served_and_not_described_is_told(self):
        described = {"paths": {"/devices": {"get": {}}, "/docs": {"get": {}}}}
        self.assertEqual(list(sources.route_faults(described, ROUTES)), ["POST /sync is served and not described"])

    def test_a_route_that_is_described_and_not_served_is_told(self):
        described = {"paths": {"/devices": {"get": {}}, "/docs": {"get": {}}, "/sync": {"post": {}, "put": {}}}}
        self.assertEqual(list(sources.route_faults(described, ROUTES)), ["PUT /sync is described and not served"])
