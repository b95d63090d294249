import os
import unittest

from . import processes
from .processes import TICKS_PER_SECOND, Stat

STAT = "4711 (tmux: a) b) S 1 4711 4711 0 -1 4194560 100 0 0 0 120 30 7 3 20 0 1 0 12345 9999 88 18446744073709551615"


class ProcessesTest(unittest.TestCase):
    def test_a_program_s_name_with_parentheses_and_spaces_does_not_shift_the_fields(self):
        self.assertEqual(processes.parse_stat(STAT), Stat(pid=4711, parent=1, own_ticks=150, ended_ticks=10))

    def test_children_count_whether_they_live_or_have_ended_and_strangers_do_not(self):
        stats = [Stat(1, 0, 500, 500), Stat(10, 1, 100, 30), Stat(11, 10, 20, 0), Stat(12, 11, 7, 0)]
        self.assertEqual(processes.tree_seconds(10, stats), 150 / TICKS_PER_SECOND)

    def test_this_process_is_found_with_its_time_and_memory(self):
        spent = processes.cpu_seconds({"us": os.getpid()})["us"]
        self.assertGreaterEqual(processes.cpu_seconds({"us": os.getpid()})["us"], spent)
        self.assertGreater(processes.pss(os.getpid()), 1 << 20)

    def test_memory_is_read_from_the_line_that_it_is_asked_for(self):
        self.assertEqual(processes.parse_kilobytes("Rss:   900 kB\nPss:     120 kB\nPss_Dirty: 5 kB\n", "Pss"), 122_880)
