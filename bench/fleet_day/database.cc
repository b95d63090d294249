#include "bench/fleet_day/database.h"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <iostream>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "bench/seed/accounts.h"
#include "bench/seed/owner_connection.h"
#include "bench/seed/rows.h"
#include "bench/users/device.h"
#include "bench/users/failed.h"
#include "common/pg/migrate.h"
#include "common/random/random.h"
#include "services/auth/domain/password_hash.h"
#include "services/auth/domain/refresh_token.h"
#include "services/auth/migrations/migrations.h"
#include "services/sync/domain/stable_hash.h"
#include "services/sync/migrations/migrations.h"

namespace tidemark::fleet {
namespace {

using bench::CopyIn;
using bench::DeviceState;
using bench::Failed;
using bench::OwnerConnection;

constexpr char kOwner[] = "tidemark_owner";
constexpr char kService[] = "tidemark_service";
// Longer than any scenario.
constexpr int64_t kSessionMillis = int64_t{30} * 24 * 3'600'000;

constexpr char kSessionTable[] =
    "auth.sessions (user_id, session_id, device_id, created_at, generation, rotated_at, expires_at)";
constexpr char kTokenTable[] =
    "auth.refresh_tokens (token_hash, user_id, session_id, generation, expires_at)";

// The same settings, the same name.
std::string TemplateName(const Settings& settings) {
  sync::StableHash hash;
  hash.Add(settings.people_text);
  return absl::StrCat("tidemark_fleet_", absl::Hex(hash.value()));
}

std::string UrlOf(const std::string& admin_url, const char* role, const std::string& database) {
  boost::urls::url url(boost::urls::parse_uri(admin_url).value());
  url.set_user(role);
  url.remove_password();
  url.set_path("/" + database);
  return std::string(url.buffer());
}

void Migrate(const std::string& url) {
  for (const absl::Status& migrated :
       {pg::Migrate(url, "sync", sync::Migrations()), pg::Migrate(url, "auth", auth::Migrations())}) {
    if (!migrated.ok()) throw Failed(absl::StrCat("fleet: ", migrated.message()));
  }
}

void MakeRoles(OwnerConnection& admin) {
  for (const char* role : {kOwner, kService}) {
    if (!admin.Ask(absl::StrCat("select 1 from pg_roles where rolname = '", role, "'")).empty()) continue;
    admin.Run(absl::StrCat("create role ", role, " login"));
  }
}

}  // namespace

Database::Database(std::string admin_url, const Settings& settings, const Crowd& crowd)
    : admin_url_(std::move(admin_url)), template_(TemplateName(settings)), name_(template_ + "_run") {
  MakeTemplate(settings, crowd);
  Drop(name_);
  OwnerConnection admin(admin_url_);
  admin.Run(absl::StrCat("create database ", name_, " owner ", kOwner, " template ", template_,
                         " strategy file_copy"));
  AddDevices(settings, crowd);
}

Database::~Database() {
  try {
    Drop(name_);
  } catch (const Failed& failed) {
    std::cerr << "fleet: left " << name_ << " behind: " << failed.what() << '\n';
  }
}

std::string Database::owner_url() const { return UrlOf(admin_url_, kOwner, name_); }
std::string Database::service_url() const { return UrlOf(admin_url_, kService, name_); }

void Database::Drop(const std::string& name) {
  OwnerConnection admin(admin_url_);
  admin.Run("set client_min_messages = warning");
  admin.Run(absl::StrCat("drop database if exists ", name, " with (force)"));
}

// Under another name until it is whole.
void Database::MakeTemplate(const Settings& settings, const Crowd& crowd) {
  OwnerConnection admin(admin_url_);
  if (!admin.Ask(absl::StrCat("select 1 from pg_database where datname = '", template_, "'")).empty()) return;
  MakeRoles(admin);
  const std::string unfinished = template_ + "_new";
  Drop(unfinished);
  admin.Run(absl::StrCat("create database ", unfinished, " owner ", kOwner, " template template0"));
  const std::string url = UrlOf(admin_url_, kOwner, unfinished);
  Migrate(url);
  FillTemplate(url, settings, crowd);
  admin.Run(absl::StrCat("alter database ", unfinished, " rename to ", template_));
}

void Database::FillTemplate(const std::string& url, const Settings& settings, const Crowd& crowd) {
  const std::string password_hash = auth::HashPassword(bench::kPassword);
  CopyIn accounts(url, bench::kAccountTable);
  CopyIn tasks(url, bench::kTaskTable);
  CopyIn heads(url, bench::kHeadTable);
  std::string lines;
  for (const Person& person : crowd.people()) {
    const std::string& user = person.user.value();
    accounts.Add(bench::AccountLine(user, password_hash, person.edited_at));
    lines.clear();
    const int64_t count = settings.tasks.per_user;
    for (int64_t number = 1; number <= count; ++number) {
      bench::AppendTask(user, number, person.edited_at.value - count + number,
                        SeededContent(settings, person.number, number), lines);
    }
    tasks.Add(lines);
    heads.Add(bench::HeadLine(user, bench::StateAfter(count, person.edited_at)));
  }
  for (CopyIn* table : {&accounts, &tasks, &heads}) table->Finish();
  OwnerConnection owner(url);
  // As they are from the beginning: what a vacuum in the background does depends on real time.
  for (const char* table : {"auth.accounts", "auth.sessions", "auth.refresh_tokens", "sync.tasks",
                            "sync.heads", "sync.devices", "sync.history", "sync.conflicts"}) {
    owner.Run(absl::StrCat("alter table ", table, " set (autovacuum_enabled = false)"));
    owner.Run(absl::StrCat("vacuum (analyze) ", table));
  }
}

void Database::AddDevices(const Settings& settings, const Crowd& crowd) {
  const std::string url = owner_url();
  CopyIn devices(url, bench::kDeviceTable);
  CopyIn sessions(url, kSessionTable);
  SeededRandom random(SeedOf(settings.seed, 0, Purpose::kToken));
  std::string tokens;
  for (const Person& person : crowd.people()) {
    const std::string& user = person.user.value();
    const DeviceState state = bench::StateAfter(settings.tasks.per_user, person.edited_at);
    const int64_t at = person.edited_at.value;
    const int64_t until = settings.first_midnight.value + kSessionMillis;
    for (int place = 0; place < person.devices; ++place) {
      const std::string device = DeviceAt(place).value();
      const std::string session = NewUuid(random);
      // The first has pushed them all, the others nothing.
      devices.Add(absl::StrCat(user, "\t", device, "\t", place == 0 ? settings.tasks.per_user : 0,
                               "\t{}\t{}\t{}\t", state.cursor, "\t", at, "\n"));
      sessions.Add(absl::StrCat(user, "\t", session, "\t", device, "\t", at, "\t1\t", at, "\t", until, "\n"));
      const auto token = auth::ParseRefreshToken(SeededRefreshToken(settings, person, place));
      absl::StrAppend(&tokens, "\\\\x", absl::BytesToHexString(auth::HashOf(*token).bytes), "\t", user, "\t",
                      session, "\t1\t", until, "\n");
    }
  }
  devices.Finish();
  sessions.Finish();
  // After the sessions that they refer to.
  CopyIn refresh_tokens(url, kTokenTable);
  refresh_tokens.Add(tokens);
  refresh_tokens.Finish();
  OwnerConnection owner(url);
  for (const char* table : {"sync.devices", "auth.sessions", "auth.refresh_tokens"}) {
    owner.Run(absl::StrCat("vacuum (analyze) ", table));
  }
}

std::string SeededRefreshToken(const Settings& settings, const Person& person, int device) {
  SeededRandom random(SeedOf(settings.seed, person.number, Purpose::kToken, device + 1));
  return auth::FormatRefreshToken({random.Bytes(auth::kRefreshTokenBytes)});
}

}  // namespace tidemark::fleet
