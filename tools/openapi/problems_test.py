import unittest

from . import problems

TABLE = {
    "groups": {"http": ["too_large"], "json": ["malformed", "bad_type"]},
    "codes": {
        "malformed": {"status": 400, "title": "Malformed", "meaning": "Not JSON.", "detail": "no"},
        "bad_type": {"status": 400, "title": "Bad type", "meaning": "Wrong.", "detail": "no",
                     "more": {"pointer": "/a"}},
        "limited": {"status": 429, "title": "Limited", "meaning": "Wait.", "detail": "no", "more": {"retry_after": 5}},
        "too_large": {"status": 413, "title": "Too large", "meaning": "Less.", "detail": "no"},
    },
}


class ProblemsTest(unittest.TestCase):
    def test_groups_and_codes_become_statuses(self):
        self.assertEqual(problems.by_status(["limited", "json"], TABLE),
                         {400: ["malformed", "bad_type"], 413: ["too_large"], 429: ["limited"]})

    def test_a_name_that_nobody_knows_is_refused(self):
        with self.assertRaises(KeyError):
            problems.by_status(["jsno"], TABLE)

    def test_routes_with_the_same_codes_share_a_response(self):
        document = {"components": {}, "paths": {path: {"get": {"x-problems": ["json"], "responses": {}}}
                                                for path in ("/a", "/b")}}
        problems.expand(document, TABLE)
        self.assertEqual(sorted(document["components"]["responses"]),
                         ["Problem400-malformed-bad_type", "Problem413-too_large"])
        self.assertEqual(document["paths"]["/a"], document["paths"]["/b"])
        self.assertNotIn("x-problems", document["paths"]["/a"]["get"])

    def test_only_an_answer_that_says_when_to_come_back_has_retry_after(self):
        self.assertIn("Retry-After", problems.response(429, ["limited"], TABLE)["headers"])
        self.assertNotIn("Retry-After", problems.response(400, ["malformed"], TABLE)["headers"])
