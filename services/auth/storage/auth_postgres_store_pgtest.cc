#include "common/pg/connection.h"
#include "common/pg/migrate.h"
#include "common/pg/test_database.h"
#include "services/auth/migrations/migrations.h"
#include "services/auth/storage/account_sessions_contract.h"
#include "services/auth/storage/account_store_contract.h"
#include "services/auth/storage/key_store_contract.h"
#include "services/auth/storage/postgres_store.h"

namespace tidemark::auth {
namespace {

// A migrated database, served as the serving role.
class PostgresFixture {
 public:
  AccountStore& store() { return store_; }
  KeyStore& keys() { return keys_; }

  // The schema stands before the pool prepares its statements.
  static std::string Migrated(const pg::TestDatabase& database) {
    absl::Status migrated = pg::Migrate(database.owner_url(), "auth", Migrations());
    EXPECT_TRUE(migrated.ok()) << migrated;
    return database.service_url();
  }

 private:
  pg::TestDatabase database_;
  pg::Pool pool_{{.url = Migrated(database_), .connections = 4, .statements = Statements()}};
  PostgresAccountStore store_{pool_};
  PostgresKeyStore keys_{pool_};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, AccountStoreContract, PostgresFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, AccountSessionsContract, PostgresFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, KeyStoreContract, PostgresFixture);

// What the serving role may do beside the stores' own statements.
class ServingRole : public testing::Test {
 protected:
  ServingRole() {
    pg::Connection owner({.url = database_.owner_url()});
    EXPECT_TRUE(pg::Migrate(database_.owner_url(), "auth", Migrations()).ok());
    owner.Query(
        "INSERT INTO auth.accounts (user_id, email_key, email, password_hash, created_at) VALUES"
        " ('00000000-0000-4000-8000-000000000001', 'ada@example.org', 'ada@example.org', 'hash', 0),"
        " ('00000000-0000-4000-8000-000000000002', 'bob@example.org', 'bob@example.org', 'hash', 0)");
  }

  bool Refused(const std::string& sql) {
    pg::Connection service({.url = database_.service_url()});
    try {
      service.Query(sql);
      return false;
    } catch (const pqxx::insufficient_privilege&) {
      return true;
    }
  }

  pg::TestDatabase database_;
};

TEST_F(ServingRole, SeesNoRowsUnlessBoundToAUser) {
  pg::Connection service({.url = database_.service_url()});
  EXPECT_EQ(service.Query("SELECT user_id FROM auth.accounts").size(), 0u);
  UserId ada("00000000-0000-4000-8000-000000000001");
  pqxx::result rows = service.Query("BEGIN; SELECT set_config('tidemark.user_id', '" + ada.value() +
                                    "', true); SELECT user_id FROM auth.accounts");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0][0].as<std::string>(), ada.value());
}

TEST_F(ServingRole, CannotReadPasswordHashesExceptByAddress) {
  EXPECT_TRUE(Refused("SELECT password_hash FROM auth.accounts"));
  EXPECT_FALSE(Refused("SELECT password_hash FROM auth.find_account('ada@example.org', '')"));
}

TEST_F(ServingRole, CannotChangeTheSchemaOrItsRecord) {
  EXPECT_TRUE(Refused("CREATE TABLE auth.more (id int)"));
  EXPECT_TRUE(Refused("ALTER TABLE auth.accounts DISABLE ROW LEVEL SECURITY"));
  EXPECT_TRUE(Refused("INSERT INTO auth.schema_migrations (version, name) VALUES (99, 'x')"));
}

TEST_F(ServingRole, CannotChangeOrRemoveSigningKeys) {
  EXPECT_TRUE(Refused("UPDATE auth.signing_keys SET signs_until = 0"));
  EXPECT_TRUE(Refused("DELETE FROM auth.signing_keys"));
}

TEST(AuthMigrations, RunTwiceChangeNothing) {
  pg::TestDatabase database;
  EXPECT_TRUE(pg::Migrate(database.owner_url(), "auth", Migrations()).ok());
  EXPECT_TRUE(pg::Migrate(database.owner_url(), "auth", Migrations()).ok());
}

}  // namespace
}  // namespace tidemark::auth
