#include "client/store/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "client/store/sqlite/schema.h"
#include "client/store/sqlite/sqlite_transaction.h"

namespace tidemark::client {
namespace {

constexpr mode_t kOwnerAlone = 0600;

// A person's tasks: nobody else may read them. SQLite gives the files that it makes beside it the same mode.
// An older file may have another. Where modes cannot be set the file is used as it is.
absl::Status MakeFile(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!folder.empty() && !std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerAlone);
  if (file < 0) {
    if (errno == ENOSPC || errno == EDQUOT)
      return absl::ResourceExhaustedError("the local store: the disk is full");
    return absl::PermissionDeniedError("the local store " + path + ": " + std::strerror(errno));
  }
  ::fchmod(file, kOwnerAlone);
  ::close(file);
  for (const char* beside : {"-wal", "-shm"}) ::chmod((path + beside).c_str(), kOwnerAlone);
  return absl::OkStatus();
}

constexpr std::chrono::seconds kMadeElsewhereMax(2);
constexpr std::chrono::milliseconds kLookAgain(10);

bool CannotBeWritten(const absl::Status& status) {
  return absl::IsPermissionDenied(status) || absl::IsResourceExhausted(status) || absl::IsUnavailable(status);
}

int64_t ReadNumber(Database& database, const char* sql) {
  Statement& read = database.Prepare(sql);
  int64_t value = 0;
  while (read.Step()) value = read.Number(0);
  return value;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LocalStore>> SqliteStore::Open(const std::string& path) {
  // Who writes to it now would write on under whoever reads it as a file that nobody writes to.
  bool is_locked = false;
  auto store = OpenToWrite(path, is_locked);
  if (store.ok() || is_locked || !CannotBeWritten(store.status())) return store;
  auto to_read = OpenToRead(path, store.status());
  return to_read.ok() ? std::move(to_read) : std::move(store);
}

absl::StatusOr<std::unique_ptr<LocalStore>> SqliteStore::OpenToWrite(const std::string& path,
                                                                     bool& is_locked) {
  if (absl::Status made = MakeFile(path); !made.ok()) return made;
  // SQLite does not wait for who makes the file at the same time, as it does for other locks.
  const auto patient_until = std::chrono::steady_clock::now() + kMadeElsewhereMax;
  while (true) {
    std::unique_ptr<SqliteStore> store(new SqliteStore(path, Database::Mode::kWrite));
    store->Prepare();
    is_locked = store->database_.was_locked();
    if (store->database_.status().ok()) return std::unique_ptr<LocalStore>(std::move(store));
    if (!is_locked || std::chrono::steady_clock::now() > patient_until) return store->database_.status();
    std::this_thread::sleep_for(kLookAgain);
  }
}

absl::StatusOr<std::unique_ptr<LocalStore>> SqliteStore::OpenToRead(const std::string& path,
                                                                    const absl::Status& why) {
  // While nothing is in the log the file is all there is.
  std::error_code error;
  const auto logged = std::filesystem::file_size(path + "-wal", error);
  const bool is_whole = error || logged == 0;
  std::unique_ptr<SqliteStore> store(
      new SqliteStore(path, is_whole ? Database::Mode::kReadAlone : Database::Mode::kRead));
  store->why_not_ = why;
  store->CheckOurs();
  // A file without tables holds nothing to read.
  if (ReadNumber(store->database_, "PRAGMA user_version") == 0) return why;
  if (!store->database_.status().ok()) return store->database_.status();
  return std::unique_ptr<LocalStore>(std::move(store));
}

// Two processes may do this at once: who comes second finds all done.
void SqliteStore::Prepare() {
  CheckOurs();
  database_.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
  if (ReadNumber(database_, "PRAGMA user_version") == 0) {
    database_.Execute(kSchema);
    const std::string mark = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                             "; PRAGMA user_version = " + std::to_string(kSchemaVersion);
    database_.Execute(mark.c_str());
  }
  database_.Execute("COMMIT");
  data_version_ = DataVersion();
}

// Before anything is written. In one snapshot: another process may be making the file, and its tables without
// its mark would be another program's.
void SqliteStore::CheckOurs() {
  database_.Execute("BEGIN");
  const int64_t application = ReadNumber(database_, "PRAGMA application_id");
  const bool is_new = application == 0 && ReadNumber(database_, "SELECT count(*) FROM sqlite_master") == 0;
  if (!is_new && application != kApplicationId) {
    database_.Fail(absl::DataLossError("the local store: the file is of another program"));
  }
  if (ReadNumber(database_, "PRAGMA user_version") > kSchemaVersion) {
    database_.Fail(absl::FailedPreconditionError("the local store: a newer version of Tidemark has made it"));
  }
  database_.Execute("COMMIT");
}

absl::Status SqliteStore::Write(Body body) {
  if (!why_not_.ok()) return why_not_;
  const std::lock_guard lock(mutex_);
  const absl::Status status = Transact(body, "BEGIN IMMEDIATE", "COMMIT");
  if (status.ok()) ++revision_;
  return status;
}

absl::Status SqliteStore::Read(Body body) {
  const std::lock_guard lock(mutex_);
  return Transact(body, "BEGIN", "ROLLBACK");
}

absl::Status SqliteStore::Transact(Body body, const char* begin, const char* end) {
  database_.Execute(begin);
  SqliteTransaction transaction(database_);
  absl::Status status = database_.status().ok() ? body(transaction) : database_.status();
  if (!database_.status().ok()) status = database_.status();
  if (status.ok()) {
    database_.Execute(end);
    status = database_.status();
  }
  if (!status.ok()) {
    database_.Reset();
    database_.Finish();
    // Of a transaction that did not begin, or that SQLite has rolled back by itself, this says that there is
    // none.
    database_.Execute("ROLLBACK");
    database_.Reset();
  }
  return status;
}

int64_t SqliteStore::DataVersion() { return ReadNumber(database_, "PRAGMA data_version"); }

absl::StatusOr<int64_t> SqliteStore::Revision() {
  const std::lock_guard lock(mutex_);
  const int64_t now = DataVersion();
  if (!database_.status().ok()) {
    const absl::Status status = database_.status();
    database_.Reset();
    return status;
  }
  if (std::exchange(data_version_, now) != now) ++revision_;
  return revision_;
}

}  // namespace tidemark::client
