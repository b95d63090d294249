#include "common/pg/test_database.h"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "common/pg/connection.h"

namespace tidemark::pg {
namespace {

constexpr const char* kOwner = "tidemark_owner";
constexpr const char* kService = "tidemark_service";

std::string AdminUrl() {
  const char* url = std::getenv("TIDEMARK_TEST_POSTGRES_URL");
  if (url == nullptr)
    throw std::runtime_error("TIDEMARK_TEST_POSTGRES_URL is not set: run this through ./test");
  return url;
}

std::string RandomName() {
  std::random_device random;
  return absl::StrCat("tidemark_test_", absl::Hex(random()), "_", absl::Hex(random()));
}

bool HasRole(Connection& admin, const std::string& role) {
  return !admin.Query("SELECT 1 FROM pg_roles WHERE rolname = " + admin.Quote(role)).empty();
}

void MakeRole(Connection& admin, const std::string& role) {
  if (HasRole(admin, role)) return;
  try {
    admin.Query("CREATE ROLE " + role + " LOGIN");
  } catch (const pqxx::sql_error&) {
    // Another test may have made it in between.
    if (!HasRole(admin, role)) throw;
  }
}

}  // namespace

TestDatabase::TestDatabase() : admin_url_(AdminUrl()), name_(RandomName()) {
  Connection admin(PoolOptions{.url = admin_url_, .statement_timeout = absl::Minutes(1)});
  MakeRole(admin, kOwner);
  MakeRole(admin, kService);
  admin.Query(absl::StrCat("CREATE DATABASE ", name_, " OWNER ", kOwner, " TEMPLATE template0"));
}

TestDatabase::~TestDatabase() {
  try {
    Connection admin(PoolOptions{.url = admin_url_, .statement_timeout = absl::Minutes(1)});
    admin.Query(absl::StrCat("DROP DATABASE ", name_, " WITH (FORCE)"));
  } catch (const std::exception& thrown) {
    std::cerr << "left " << name_ << " behind: " << thrown.what() << '\n';
  }
}

std::string TestDatabase::owner_url() const { return UrlAs(kOwner); }

std::string TestDatabase::service_url() const { return UrlAs(kService); }

std::string TestDatabase::UrlAs(const char* role) const {
  boost::urls::url url(boost::urls::parse_uri(admin_url_).value());
  url.set_user(role);
  url.remove_password();
  url.set_path("/" + name_);
  return std::string(url.buffer());
}

}  // namespace tidemark::pg
