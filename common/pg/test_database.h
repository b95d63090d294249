// A database of a test's own on the server that TIDEMARK_TEST_POSTGRES_URL names (as a superuser).
//
//   pg::TestDatabase database;
//   ASSERT_TRUE(Migrate(database.owner_url(), "sync", kMigrations).ok());
//   pg::Pool pool({.url = database.service_url()});
#pragma once

#include <string>

namespace tidemark::pg {

class TestDatabase {
 public:
  // Makes an empty database with a random name, owned by the role tidemark_owner; makes that role and
  // tidemark_service if the server has none. Throws if the variable is not set or the server is away.
  TestDatabase();
  // Drops the database, whoever is connected.
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // As the role that owns the database and runs migrations.
  std::string owner_url() const;
  // As the role that serves, bound by row-level security.
  std::string service_url() const;

 private:
  std::string UrlAs(const char* role) const;

  const std::string admin_url_;
  const std::string name_;
};

}  // namespace tidemark::pg
