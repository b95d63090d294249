"""What the gate takes a message for."""

import unittest

from gate import FENCE, PUBLISH, RedisWire


def eval_of(keys: list[str], arguments: list[str]) -> bytes:
    words = ["EVALSHA", "0" * 40, str(len(keys)), *keys, *arguments]
    return f"*{len(words)}\r\n".encode() + b"".join(f"${len(word)}\r\n{word}\r\n".encode() for word in words)


class RedisWireTest(unittest.TestCase):
    def test_a_script_of_the_head_cache_is_known_by_its_arguments(self):
        for arguments, purpose in ((["a"] * 5, FENCE), (["a"] * 2, "unfence"), (["a", "1-2-3", "c"], PUBLISH),
                                   (["a", "b", "c"], "read")):
            self.assertEqual(RedisWire().purpose(eval_of(["head", "fence"], arguments)), purpose)

    def test_the_count_of_the_days_users_is_no_message_of_a_push_however_many_there_are(self):
        for count in (0, 1, 2, 5):
            self.assertIsNone(RedisWire().purpose(eval_of(["users:20000"], ["a1"] * count)))


if __name__ == "__main__":
    unittest.main()
