// One PostgreSQL connection, for the .cc files of storage adapters only: this header includes libpqxx.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "common/ids/ids.h"
#include "common/pg/array_literal.h"
#include "common/pg/pool.h"

namespace tidemark::pg {

// One statement of a script: prepared, with its values as PostgreSQL's texts (nothing: null).
struct Call {
  std::string statement;
  std::vector<std::optional<std::string>> values;
};

// Builds a script of prepared statements.
//
//   Script().Begin().Bind(user).Execute("push_load", user.value(), ids, cursor)
class Script {
 public:
  // BEGIN, read committed.
  Script& Begin();
  // BEGIN, repeatable read and read only: all that follows sees one snapshot.
  Script& BeginSnapshot();
  // Makes row-level security show this user's rows, for the rest of the transaction.
  Script& Bind(const UserId& user);
  // The same for several.
  Script& Bind(const std::vector<UserId>& users);
  // Executes one of PoolOptions::statements. Values: std::string, string_view, const char*, int, int64_t,
  // bool, double, std::optional of those (null), std::vector of those and of optionals (an array). Throws
  // pqxx::argument_error for a text with a NUL byte, which PostgreSQL cannot hold.
  template <typename... Values>
  Script& Execute(std::string_view statement, const Values&... values) {
    calls_.push_back({std::string(statement), {}});
    calls_.back().values.reserve(sizeof...(values));
    (Append(values), ...);
    return *this;
  }
  Script& Commit();

  const std::vector<Call>& calls() const { return calls_; }

 private:
  void AppendText(std::string text);
  void Append(std::string_view value) { AppendText(std::string(value)); }
  void Append(const std::string& value) { AppendText(value); }
  void Append(const char* value) { AppendText(value); }
  void Append(int64_t value) { AppendText(std::to_string(value)); }
  void Append(int value) { AppendText(std::to_string(value)); }
  void Append(bool value) { AppendText(value ? "t" : "f"); }
  void Append(double value) { AppendText(DoubleText(value)); }
  template <typename T>
  void Append(const std::optional<T>& value) {
    value.has_value() ? Append(*value) : calls_.back().values.push_back(std::nullopt);
  }
  template <typename T>
  void Append(const std::vector<T>& values) {
    ArrayLiteral array;
    for (const T& value : values) array.Add(value);
    AppendText(array.text());
  }
  template <typename T>
  void Append(const std::vector<std::optional<T>>& values) {
    ArrayLiteral array;
    for (const std::optional<T>& value : values) value.has_value() ? array.Add(*value) : array.AddNull();
    AppendText(array.text());
  }

  std::vector<Call> calls_;
};

// Not thread-safe: belongs to one worker thread of a Pool. Throws pqxx exceptions, which Pool::Run turns into
// Status: pqxx::broken_connection, pqxx::sql_error with its sqlstate() (of its subclasses
// only unique_violation and insufficient_privilege).
class Connection {
 public:
  // Connects, sets the timeouts and prepares `options.statements`. Throws if any of it fails.
  explicit Connection(const PoolOptions& options);
  ~Connection();

  // Sends `script` in one round trip and returns the result of its last statement.
  pqxx::result Query(const Script& script);
  // The same, and returns one result per statement (Begin, Bind and Commit are statements too).
  std::vector<pqxx::result> QueryEach(const Script& script);
  // The same for SQL text without values, such as a migration.
  pqxx::result Query(std::string_view sql);

  // As a string literal for such text, quotes included.
  std::string Quote(std::string_view value) const;

  // False once the connection is known to be lost. Costs a system call, no round trip.
  bool is_open() const;
  // Its file descriptor.
  int socket() const;
  // True between BEGIN and COMMIT or ROLLBACK, also after a statement failed there.
  bool in_transaction() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::pg
