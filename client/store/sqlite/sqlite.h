// SQLite's C API, as thin as it can be worn: connections, prepared statements, and errors that are
// remembered.
//
//   Database database("tasks.db");
//   Statement& find = database.Prepare("SELECT content FROM tasks WHERE id = ?1");
//   find.Bind(1, id);
//   while (find.Step()) use(find.Text(0));
//   if (!database.status().ok()) …
//
// After a failure every step does nothing, until Reset(): so a transaction reads straight through, and looks
// once.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace tidemark::client {

class Database;

// Borrowed from its Database. Bindings are copied.
class Statement {
 public:
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& Bind(int index, std::string_view text);
  Statement& Bind(int index, const std::string& text) { return Bind(index, std::string_view(text)); }
  Statement& Bind(int index, const std::optional<std::string>& text);
  Statement& Bind(int index, int64_t number);
  Statement& Bind(int index, const std::optional<int64_t>& number);

  // True: there is a row. False: that was all, or it failed; the statement is ready to be bound anew.
  bool Step();
  // For a statement without rows.
  void Run();

  bool IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  int64_t Number(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string Text(int column) const;
  std::optional<int64_t> MaybeNumber(int column) const;
  std::optional<std::string> MaybeText(int column) const;

 private:
  friend class Database;
  Statement(Database& database, std::string_view sql);

  Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};

// Not thread-safe.
class Database {
 public:
  // How a file is used.
  enum class Mode {
    // It is made if it is not there.
    kWrite,
    // Nothing is written, neither to it nor beside it, if the files that SQLite needs beside it are there.
    kRead,
    // The same without those files: nobody writes to it.
    kReadAlone,
  };
  // Look at status().
  explicit Database(const std::string& path, Mode mode = Mode::kWrite);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Several statements without rows.
  void Execute(const char* sql);
  // Made at the first call, kept for the next. One use at a time: step it to its end, or Finish().
  Statement& Prepare(std::string_view sql);
  // Lets go of what a statement that was not stepped to its end holds.
  void Finish();

  // The first failure since Reset(). kUnavailable: locked by another process, or the disk fails.
  // kResourceExhausted: no room on the disk. kPermissionDenied: it may not be written. kDataLoss: the file is
  // damaged, or is no store of ours.
  const absl::Status& status() const { return status_; }
  // Some failure since the file was opened was that others were at it for too long.
  bool was_locked() const { return was_locked_; }
  void Fail(absl::Status status);
  void Reset() { status_ = absl::OkStatus(); }

 private:
  friend class Statement;
  void Check(int code);

  sqlite3* connection_ = nullptr;
  bool was_locked_ = false;
  absl::Status status_;
  std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements_;
};

}  // namespace tidemark::client
