import unittest

from . import arrows


def found(path: str, *includes: str) -> list[str]:
    return list(arrows.violations(path, [f"#include {include}" for include in includes]))


class ArrowsTest(unittest.TestCase):
    def assert_allowed(self, path: str, *includes: str):
        self.assertEqual(found(path, *includes), [])

    def assert_forbidden(self, path: str, include: str):
        self.assertEqual(len(found(path, include)), 1, f"{path} includes {include}")

    def test_the_domain_knows_the_standard_library_abseil_and_values(self):
        merge = "services/sync/domain/merge.cc"
        self.assert_allowed(merge, "<vector>", '"absl/time/time.h"', '"services/sync/domain/types.h"',
                            '"common/clock/clock.h"', '"common/ids/ids.h"')
        for outside in ('"tidemark/v1/sync.pb.h"', '"common/pg/pool.h"', '"common/log/log.h"', "<pqxx/pqxx>",
                        '"services/sync/storage/store.h"', '"services/sync/engine/engine.h"',
                        '"services/auth/domain/email.h"', "<grpcpp/grpcpp.h>", "<unistd.h>"):
            self.assert_forbidden(merge, outside)

    def test_the_engine_knows_ports_but_no_adapter_and_no_transport(self):
        engine = "services/sync/engine/sync.cc"
        self.assert_allowed(engine, '"services/sync/storage/store.h"', '"services/sync/domain/merge.h"',
                            '"services/ratelimit/client/limiter.h"')
        for outside in ('"services/sync/storage/postgres/postgres_store.h"',
                        '"services/sync/storage/redis/redis_head_cache.h"', '"services/auth/storage/postgres_store.h"',
                        '"services/sync/transport/service.h"', '"common/rpc/server.h"', '"common/pg/pool.h"'):
            self.assert_forbidden(engine, outside)

    def test_an_adapter_knows_its_own_database_alone(self):
        self.assert_allowed("services/sync/storage/postgres/rows.cc", "<pqxx/pqxx>", '"common/pg/pool.h"')
        self.assert_forbidden("services/sync/storage/postgres/rows.cc", '"common/redis/client.h"')
        self.assert_forbidden("services/sync/storage/redis/redis_head_cache.cc", "<pqxx/pqxx>")
        self.assert_forbidden("services/sync/storage/redis/redis_head_cache.cc", "<hiredis/hiredis.h>")
        self.assert_forbidden("services/sync/storage/store.h", '"common/pg/pool.h"')

    def test_another_service_is_known_by_its_client_alone(self):
        self.assert_allowed("services/sync/main.cc", '"services/auth/client/token_verifier.h"',
                            '"services/sync/storage/postgres/postgres_store.h"')
        self.assert_forbidden("services/sync/main.cc", '"services/auth/domain/email.h"')

    def test_the_gateway_knows_no_service_from_within(self):
        for path in ("gateway/main.cc", "gateway/routes/sync.cc", "gateway/json/sync_codec.cc"):
            self.assert_forbidden(path, '"services/sync/domain/types.h"')
        self.assert_forbidden("gateway/routes/sync.cc", "<pqxx/pqxx>")

    def test_the_platform_knows_nothing_above_it(self):
        self.assert_forbidden("common/rpc/server.cc", '"services/sync/domain/types.h"')
        self.assert_forbidden("common/http/server.cc", '"gateway/json/problem.h"')

    def test_a_library_lives_in_one_folder(self):
        self.assert_allowed("common/settings/settings.cc", '"CLI/CLI.hpp"')
        self.assert_forbidden("services/sync/main.cc", '"CLI/CLI.hpp"')
        self.assert_forbidden("common/http/server.cc", "<prometheus/registry.h>")
        self.assert_forbidden("gateway/http/router.cc", "<boost/beast.hpp>")

    def test_tests_may_reach_further(self):
        self.assert_allowed("services/sync/domain/merge_test.cc", "<gtest/gtest.h>", '"common/random/random.h"')
        self.assert_forbidden("services/sync/domain/merge.cc", "<gtest/gtest.h>")

    def test_the_offending_line_is_named(self):
        self.assertEqual(
            list(arrows.violations("services/sync/domain/merge.cc", ["", "#include <pqxx/pqxx>"])),
            ["services/sync/domain/merge.cc:2: a file of services/*/domain/* may not include pqxx/pqxx"])
