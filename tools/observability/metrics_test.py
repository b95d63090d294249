import unittest

from observability import metrics

TEXT = '''# HELP tidemark_rpc_seconds Time.
# TYPE tidemark_rpc_seconds histogram
tidemark_rpc_seconds_count{method="/a.B/C"} 1
tidemark_rpc_seconds_bucket{method="/a.B/C",le="+Inf"} 1
# HELP tidemark_syncs_total Syncs.
# TYPE tidemark_syncs_total counter
tidemark_syncs_total{end="pulled"} 3
# HELP process_open_fds Open.
# TYPE process_open_fds gauge
process_open_fds 12
'''


class ShownTest(unittest.TestCase):
    def test_a_histogram_is_one_metric_and_le_none_of_its_labels(self):
        found = metrics.shown(TEXT)
        self.assertEqual(set(found), {"tidemark_rpc_seconds", "tidemark_syncs_total", "process_open_fds"})
        self.assertEqual(found["tidemark_rpc_seconds"].labels, {"method"})
        self.assertEqual(found["tidemark_rpc_seconds"].kind, "histogram")
        self.assertEqual(found["process_open_fds"].labels, set())


class DocumentedTest(unittest.TestCase):
    def test_a_row_names_labels_and_processes(self):
        found = metrics.documented("| `a_total` | counter | x, y | sync, auth | what |\n| `b` | gauge | | all | what |\n")
        self.assertEqual(found["sync"]["a_total"].labels, {"x", "y"})
        self.assertEqual(set(found["auth"]), {"a_total", "b"})
        self.assertEqual(set(found["gateway"]), {"b"})
        self.assertEqual(found["gateway"]["b"].labels, set())

    def test_the_real_table_is_found(self):
        self.assertIn("tidemark_syncs_total", metrics.documented()["sync"])


class NamedInTest(unittest.TestCase):
    def test_metrics_and_recorded_series_are_told_from_functions_labels_and_texts(self):
        query = ('sum by (tidemark) (rate(tidemark_a_total{x="tidemark_no"}[5m])) / on (job) tidemark:b:rate1h'
                 ' and up{job="x"} == 1 or process_open_fds')
        self.assertEqual(metrics.named_in(query),
                         {"tidemark_a_total", "tidemark:b:rate1h", "up", "process_open_fds"})

    def test_a_metric_that_nobody_shows_is_unknown(self):
        queries = ["rate(tidemark_syncs_total[5m])", "tidemark_syncs", "tidemark:x:y", "tidemark_rpc_seconds",
                   "rate(tidemark_rpc_seconds_bucket[5m])", "tidemark_ready_bucket"]
        self.assertEqual(metrics.unknown(queries, recorded=set()),
                         {"tidemark_syncs", "tidemark:x:y", "tidemark_rpc_seconds", "tidemark_ready_bucket"})
        self.assertEqual(metrics.unknown(["tidemark:x:y"], recorded={"tidemark:x:y"}), set())
