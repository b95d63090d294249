"""The command `tidemark`: tasks that are taken in from files, and written to them."""

import unittest
from pathlib import Path

from command import Command
from probe import exported
from stack import Stack

TODO_TXT = """(A) 2026-03-01 Call mum +family @phone
x 2026-03-02 2026-03-01 Buy milk
(B) Paint the fence due:2026-04-01

plain
"""


class CommandMovingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()

    def setUp(self):
        self.user = self.stack.user()

    def device(self) -> Command:
        return Command(self.stack, self.user)

    def test_an_export_is_taken_in_whole_and_twice_makes_nothing_twice(self):
        device, empty = self.device(), Command(self.stack)
        device.ok("done", device.add("a\nb \x1b[31m \u009b", "--offline"), "--offline")
        device.ok("pin", device.add("pinned", "--offline"), "--offline")
        file = str(device.home / "tasks.jsonl")
        self.assertEqual(device.json("export", file), {"file": file, "tasks": 2})
        self.assertEqual(device.ok("export"), Path(file).read_text())
        self.assertFalse(set(Path(file).read_text()) & set("\x1b\u009b"))
        self.assertEqual(empty.json("import", file, "--offline")["added"], 2)
        self.assertEqual(empty.json("import", file, "--offline")["added"], 0)
        self.assertEqual(empty.ok("export"), device.ok("export"))

    def test_a_todo_txt_is_taken_in_and_written_again(self):
        device = self.device()
        file = device.home / "todo.txt"
        file.write_text(TODO_TXT)
        self.assertEqual(device.json("import", str(file))["added"], 4)
        self.assertEqual(device.json("import", str(file))["added"], 0)
        tasks = {task["content"]: task for task in device.json("ls", "--all")["tasks"]}
        self.assertTrue(tasks["Call mum +family @phone"]["pinned"])
        self.assertTrue(tasks["Buy milk"]["completed"])
        self.assertIn("(B) Paint the fence due:2026-04-01", tasks)
        written = device.ok("export", "--todo-txt")
        for content, line in (("Call mum +family @phone", "(A) 2026-03-01 Call mum +family @phone"),
                              ("Buy milk", "x 2026-03-02 2026-03-01 Buy milk")):
            self.assertIn(f"{line} tidemark:{tasks[content]['id']}", written.splitlines())
        self.assertEqual(device.json("import", "-", stdin=written)["added"], 0)
        device.ok("sync")
        self.assertEqual(len(exported(self.user)), 4)

    def test_an_import_takes_an_array_and_a_byte_order_mark_and_no_zero_bytes(self):
        device = Command(self.stack)
        device.ok("import", "-", "--offline", stdin='[{"id": "a", "content": "of an array"}]')
        device.ok("import", "-", "--offline", stdin="\ufeffmarked\n[urgent] call\n")
        device.ok("import", "-", "--offline", stdin="[late] begins like an array\n")
        self.assertIn("Nothing of it", device.fails(2, "import", "-", "--offline", stdin="a\0b\n"))
        self.assertEqual(set(device.contents()), {"of an array", "marked", "[urgent] call", "[late] begins like an array"})
        self.assertIn("stdin: line 2", device.fails(2, "import", "-", stdin='{"id":"b","content":"b"}\n{no\n'))
