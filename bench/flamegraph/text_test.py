import unittest

from . import text
from .stacks import Frame, Stack

READ, WRITE, MAIN = Frame("read", "kernel"), Frame("write", "kernel"), Frame("main", "program")
COUNTS = {
    Stack("sync", "loop", (MAIN, READ), True): 6,
    Stack("sync", "loop", (MAIN, MAIN, WRITE), True): 2,
    Stack("sync", "worker", (MAIN,), False): 2,
    Stack("redis", "redis-server", (), False): 10,
}


class TextTest(unittest.TestCase):
    def printed(self) -> str:
        return "\n".join(text.lines(COUNTS, seconds=0.5, samples_per_second=100, top=2))

    def test_each_process_says_its_share_of_a_core_and_how_far_its_stacks_reach(self):
        self.assertIn("== sync: 20 % of a core, 50 % of what was recorded (10 samples, 80 % with the whole stack)",
                      self.printed())

    def test_threads_and_libraries_are_shares_of_their_process(self):
        self.assertIn("threads:   loop 80 %, worker 20 %", self.printed())
        self.assertIn("libraries: kernel 80 %, program 20 %", self.printed())

    def test_self_counts_the_innermost_function_alone(self):
        own = {stack: count for stack, count in COUNTS.items() if stack.process == "sync"}
        self.assertEqual(text.self_shares(own), {"read": 6, "write": 2, "main": 2})

    def test_inclusive_counts_a_function_once_a_stack_though_it_calls_itself(self):
        self.assertEqual(text.inclusive_shares(COUNTS), {"main": 10, "read": 6, "write": 2})

    def test_no_more_functions_are_listed_than_asked_for(self):
        rows = [line for line in self.printed().splitlines() if line.startswith("  ")]
        self.assertEqual(len(rows), 2 + 2 + 1)

    def test_a_stack_without_a_frame_is_counted_as_nowhere(self):
        self.assertIn("100.0 %  ?", self.printed())


if __name__ == "__main__":
    unittest.main()
