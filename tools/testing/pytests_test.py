import unittest

from . import pytests


class InOrderTest(unittest.TestCase):
    def test_what_runs_last_comes_after_all_others_which_keep_their_order(self):
        class First(unittest.TestCase):
            def test(self): ...

        class Last(unittest.TestCase):
            runs_last = True

            def test(self): ...

        one, last, two = First("test"), Last("test"), First("test")
        self.assertEqual([id(test) for test in pytests.in_order([one, last, two])], [id(one), id(two), id(last)])
