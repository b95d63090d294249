"""`kill -9` at random while the command edits and syncs: nothing is lost, nothing comes twice."""

import random
import signal
import subprocess
import unittest
from concurrent.futures import ThreadPoolExecutor

from command import Command
from probe import contents_of, exported
from stack import Stack, eventually

KILLS = 8
EDITS = 4


def _is_killed_within(seconds: float, process: "subprocess.Popen[str]") -> bool:
    """False if it came to its end before that."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return process.returncode == -signal.SIGKILL


class CommandKillTest(unittest.TestCase):
    def test_whenever_it_is_killed_both_devices_end_with_what_the_server_has(self):
        stack = Stack.shared()
        user = stack.user()
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        killed, other = Command(stack, user), Command(stack, user)
        killed.ok("import", "-", "--offline", stdin="".join(f"imported {n}\n" for n in range(1_500)))
        made: list[str] = []
        kills = 0
        # How long a sync is left alone at most: shorter when one came to its end, so that the next are killed in its midst
        # on a machine of any speed.
        longest = 0.5
        turn = 0
        while kills < KILLS:
            for n in range(EDITS):
                made.append(f"killed {turn}.{n}")
                killed.add(made[-1], "--offline")
            with ThreadPoolExecutor(1) as pool:
                meanwhile = pool.submit(other.add, f"other {turn}")
                if _is_killed_within(chance.uniform(0, longest), killed.popen("sync")):
                    kills += 1
                else:
                    longest *= 0.7
                meanwhile.result()
            made.append(f"other {turn}")
            turn += 1
        made += [f"imported {n}" for n in range(1_500)]

        def in_step() -> bool:
            for device in (killed, other, killed):
                device.ok("sync")
            return all(device.json("status")["status"]["pending"] == 0 for device in (killed, other))

        eventually("all is sent", in_step)
        at_server = exported(user)
        for device in (killed, other):
            self.assertEqual(contents_of(device.json("ls", "--all")["tasks"]), at_server, f"seed {seed}")
        self.assertEqual(sorted(content for content, _ in at_server.values()), sorted(made), f"seed {seed}")
