import unittest

from .stacks import Frame, Stack, parse

SCRIPT = """\
tidemark-sync 42/43 
\tffffffff81e2ec6c tcp_sendmsg ([kernel.kallsyms])
\t          2e40a0 [unknown] (/usr/lib/x86_64-linux-gnu/libgrpc.so.29.0.0)
\t          2e40b0 [unknown] (/usr/lib/x86_64-linux-gnu/libgrpc.so.29.0.0)
\t          1c5040 tidemark::sync::Engine::Check (/opt/tidemark/bin/tidemark-sync (deleted))
\t          1098eb clone3 (/usr/lib/x86_64-linux-gnu/libc.so.6)

event loop 42/44 
\t          962b8 operator()(int) (/opt/tidemark/bin/tidemark-sync)
\tffffffffffffffff [unknown] ([unknown])

"""


def frames(*pairs: tuple[str, str]) -> tuple[Frame, ...]:
    return tuple(Frame(*pair) for pair in pairs)


class StacksTest(unittest.TestCase):
    def parsed(self, process_of=None) -> list[Stack]:
        return list(parse(SCRIPT.splitlines(), process_of or {42: "sync"}))

    def test_frames_stand_from_the_outermost_caller_in_with_the_library_they_are_from(self):
        self.assertEqual(self.parsed()[0].frames, frames(
            ("sync::Engine::Check", "program"), ("[libgrpc]", "libgrpc"), ("tcp_sendmsg", "kernel")))

    def test_a_stack_that_does_not_reach_the_start_of_its_thread_is_not_whole(self):
        self.assertEqual([stack.is_whole for stack in self.parsed()], [True, False])

    def test_an_address_that_belongs_to_nothing_is_no_frame(self):
        self.assertEqual(self.parsed()[1].frames, frames(("operator()", "program")))

    def test_a_process_goes_by_the_name_it_was_asked_for_and_else_by_its_thread(self):
        self.assertEqual([(stack.process, stack.thread) for stack in self.parsed()],
                         [("sync", "tidemark-sync"), ("sync", "event loop")])
        self.assertEqual([stack.process for stack in self.parsed({1: "sync"})], ["tidemark-sync", "event loop"])

    def test_equal_stacks_are_counted(self):
        self.assertEqual(list(parse((SCRIPT * 3).splitlines(), {}).values()), [3, 3])

    def test_a_stack_without_the_empty_line_after_it_is_counted(self):
        self.assertEqual(parse(SCRIPT.strip().splitlines(), {}).total(), 2)


if __name__ == "__main__":
    unittest.main()
