import socket
import unittest

from . import ports


class PortsTest(unittest.TestCase):
    def listener(self) -> int:
        server = socket.create_server((ports.HOST, 0))
        self.addCleanup(server.close)
        return server.getsockname()[1]

    def test_the_port_of_the_last_run_is_kept_while_it_is_free(self):
        last = ports.choose(["a", "b"], {})
        self.assertEqual(ports.choose(["a", "b"], last), last)

    def test_a_port_that_somebody_took_is_replaced(self):
        taken = self.listener()
        self.assertNotEqual(ports.choose(["a"], {"a": taken})["a"], taken)

    def test_no_port_is_given_twice(self):
        names = [f"n{i}" for i in range(50)]
        self.assertEqual(len(set(ports.choose(names, {}).values())), 50)
        same = ports.choose(["a", "b"], {})["a"]
        self.assertEqual(len(set(ports.choose(["a", "b"], {"a": same, "b": same}).values())), 2)

    def test_new_ports_lie_below_those_of_outgoing_connections(self):
        outgoing_from = ports._outgoing_from()
        self.assertTrue(all(ports.LOWEST <= port < outgoing_from for port in ports.choose("abc", {}).values()))
