#include "client/store/sqlite/sqlite.h"

#include <cerrno>
#include <utility>

namespace tidemark::client {
namespace {

// How long a transaction waits for one of another process.
constexpr int kBusyMillis = 5'000;

absl::StatusCode CodeOf(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
      return absl::StatusCode::kUnavailable;
    case SQLITE_FULL:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return absl::StatusCode::kPermissionDenied;
    default:
      return absl::StatusCode::kInternal;
  }
}

// A file of which SQLite wants to make more, such as its index of the log, meets a full disk as an error of
// reading and writing.
bool IsFull(sqlite3* connection, int code) {
  if ((code & 0xff) == SQLITE_FULL) return true;
  if (connection == nullptr || (code & 0xff) != SQLITE_IOERR) return false;
  const int error = sqlite3_system_errno(connection);
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

// A path may hold what means something in a URI.
std::string UriOf(const std::string& path, const char* option) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      constexpr char kDigits[] = "0123456789abcdef";
      uri += {'%', kDigits[static_cast<unsigned char>(c) >> 4], kDigits[static_cast<unsigned char>(c) & 15]};
    } else {
      uri += c;
    }
  }
  return uri + "?" + option + "=1";
}

}  // namespace

// ---- Statement

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  if (!database.status().ok()) return;
  database.Check(sqlite3_prepare_v3(database.connection_, sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
}

Statement& Statement::Bind(int index, std::string_view text) {
  // A null pointer would bind NULL.
  const char* bytes = text.empty() ? "" : text.data();
  if (statement_)
    database_.Check(
        sqlite3_bind_text64(statement_, index, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::Bind(int index, const std::optional<std::string>& text) {
  if (text) return Bind(index, std::string_view(*text));
  if (statement_) database_.Check(sqlite3_bind_null(statement_, index));
  return *this;
}

Statement& Statement::Bind(int index, int64_t number) {
  if (statement_) database_.Check(sqlite3_bind_int64(statement_, index, number));
  return *this;
}

Statement& Statement::Bind(int index, const std::optional<int64_t>& number) {
  if (number) return Bind(index, *number);
  if (statement_) database_.Check(sqlite3_bind_null(statement_, index));
  return *this;
}

bool Statement::Step() {
  if (!statement_) return false;
  if (database_.status().ok()) {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) database_.Check(code);
  }
  sqlite3_reset(statement_);
  return false;
}

void Statement::Run() {
  while (Step()) {
  }
}

std::string Statement::Text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (!bytes) return "";
  return std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::optional<int64_t> Statement::MaybeNumber(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Number(column);
}

std::optional<std::string> Statement::MaybeText(int column) const {
  if (IsNull(column)) return std::nullopt;
  return Text(column);
}

// ---- Database

Database::Database(const std::string& path, Mode mode) {
  const int how = mode == Mode::kWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  // An index of the log that is not whole is made anew in memory.
  const std::string name = mode == Mode::kWrite  ? path
                           : mode == Mode::kRead ? UriOf(path, "readonly_shm")
                                                 : UriOf(path, "immutable");
  const int is_uri = mode == Mode::kWrite ? 0 : SQLITE_OPEN_URI;
  Check(sqlite3_open_v2(name.c_str(), &connection_, how | SQLITE_OPEN_NOMUTEX | is_uri, nullptr));
  if (!status_.ok()) return;
  sqlite3_extended_result_codes(connection_, 1);
  sqlite3_busy_timeout(connection_, kBusyMillis);
}

Database::~Database() {
  statements_.clear();
  sqlite3_close(connection_);
}

void Database::Execute(const char* sql) {
  if (status_.ok()) Check(sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr));
}

Statement& Database::Prepare(std::string_view sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end() && known->second->statement_) return *known->second;
  std::unique_ptr<Statement> made(new Statement(*this, sql));
  return *(statements_[std::string(sql)] = std::move(made));
}

void Database::Finish() {
  for (const auto& [sql, statement] : statements_) sqlite3_reset(statement->statement_);
}

void Database::Fail(absl::Status status) {
  if (status_.ok()) status_ = std::move(status);
}

void Database::Check(int code) {
  if (code == SQLITE_OK || !status_.ok()) return;
  // SQLite's text names tables and limits; never values.
  was_locked_ |= (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;
  const char* text = connection_ ? sqlite3_errmsg(connection_) : sqlite3_errstr(code);
  if (IsFull(connection_, code)) {
    Fail(absl::ResourceExhaustedError("the local store: the disk is full"));
  } else {
    Fail(absl::Status(CodeOf(code), std::string("the local store: ") + text));
  }
}

}  // namespace tidemark::client
