#include "bench/seed/owner_connection.h"

#include "absl/strings/str_cat.h"
#include "bench/users/failed.h"

namespace tidemark::bench {
namespace {

constexpr std::size_t kSendBytes = 262'144;

}  // namespace

OwnerConnection::OwnerConnection(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) Fail();
}

void OwnerConnection::Run(const std::string& sql) {
  Expect(PGRES_COMMAND_OK, PQexec(connection_.get(), sql.c_str()));
}

std::vector<std::vector<std::string>> OwnerConnection::Ask(const std::string& sql) {
  const Result result = Expect(PGRES_TUPLES_OK, PQexec(connection_.get(), sql.c_str()));
  std::vector<std::vector<std::string>> rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      rows[row].emplace_back(PQgetvalue(result.get(), static_cast<int>(row), column));
    }
  }
  return rows;
}

OwnerConnection::Result OwnerConnection::Expect(ExecStatusType wanted, PGresult* result) {
  Result owned(result);
  if (PQresultStatus(result) != wanted) Fail();
  return owned;
}

void OwnerConnection::Fail() { throw Failed(PQerrorMessage(connection_.get())); }

CopyIn::CopyIn(const std::string& url, const std::string& columns) : connection_(url) {
  const std::string sql = absl::StrCat("copy ", columns, " from stdin");
  connection_.Expect(PGRES_COPY_IN, PQexec(connection_.connection_.get(), sql.c_str()));
}

void CopyIn::Add(std::string_view lines) {
  unsent_.append(lines);
  if (unsent_.size() >= kSendBytes) Send();
}

void CopyIn::Finish() {
  Send();
  PGconn* connection = connection_.connection_.get();
  if (PQputCopyEnd(connection, nullptr) != 1) connection_.Fail();
  connection_.Expect(PGRES_COMMAND_OK, PQgetResult(connection));
  // Until it says that there is no more.
  while (PGresult* rest = PQgetResult(connection)) PQclear(rest);
}

void CopyIn::Send() {
  if (PQputCopyData(connection_.connection_.get(), unsent_.data(), static_cast<int>(unsent_.size())) != 1) {
    connection_.Fail();
  }
  unsent_.clear();
}

}  // namespace tidemark::bench
