// PostgreSQL as the owner of the schemas, to fill them in bulk. Every method throws Failed, with what
// PostgreSQL said.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::bench {

class OwnerConnection {
 public:
  explicit OwnerConnection(const std::string& url);

  void Run(const std::string& sql);
  // Values as text, row by row.
  std::vector<std::vector<std::string>> Ask(const std::string& sql);

 private:
  friend class CopyIn;
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Result = std::unique_ptr<PGresult, Clear>;

  Result Expect(ExecStatusType wanted, PGresult* result);
  [[noreturn]] void Fail();

  std::unique_ptr<PGconn, Finish> connection_;
};

// Rows on their way into one table, over a connection of its own: several tables are filled side by side.
class CopyIn {
 public:
  // `columns`: the table with its columns, "sync.heads (user_id, …)".
  CopyIn(const std::string& url, const std::string& columns);

  // Lines in the text format of COPY.
  void Add(std::string_view lines);
  // Commits.
  void Finish();

 private:
  void Send();

  OwnerConnection connection_;
  std::string unsent_;
};

}  // namespace tidemark::bench
