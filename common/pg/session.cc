#include "common/pg/session.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>

#include "absl/time/clock.h"

namespace tidemark::pg {
namespace {

// libpqxx makes results of queries it sent itself only. An explicit instantiation may name a private member;
// this one lends us the member that makes of libpq's result a pqxx::result, or the exception that belongs to
// it.
using MakeResult = pqxx::result (pqxx::connection_base::*)(PGresult*, const std::string&);
MakeResult BorrowedMakeResult();
template <MakeResult kMember>
struct Lender {
  friend MakeResult BorrowedMakeResult() { return kMember; }
};
template struct Lender<&pqxx::connection_base::make_result>;

// libpq takes whole seconds; 0 would mean for ever.
std::string WholeSeconds(absl::Duration timeout) {
  return std::to_string(std::max<int64_t>(1, absl::ToInt64Seconds(absl::Ceil(timeout, absl::Seconds(1)))));
}

// libpq's messages end in a newline and may go over several lines.
std::string OneLine(std::string message) {
  while (!message.empty() && message.back() == '\n') message.pop_back();
  std::replace(message.begin(), message.end(), '\n', ' ');
  return message;
}

PGconn* Connect(const std::string& url, absl::Duration timeout) {
  const std::string seconds = WholeSeconds(timeout);
  const char* const keywords[] = {"dbname", "connect_timeout", "client_encoding", nullptr};
  const char* const values[] = {url.c_str(), seconds.c_str(), "UTF8", nullptr};
  constexpr int kDbnameMayBeAUrl = 1;
  PGconn* made = PQconnectdbParams(keywords, values, kDbnameMayBeAUrl);
  if (PQstatus(made) == CONNECTION_OK) return made;
  const std::string why = OneLine(PQerrorMessage(made));
  PQfinish(made);
  throw pqxx::broken_connection(why);
}

// Without the query: it holds what people wrote.
[[noreturn]] void ThrowSqlError(const std::string& message, const char* sqlstate) {
  const std::string_view state = sqlstate == nullptr ? "" : sqlstate;
  if (state == "23505") throw pqxx::unique_violation(message, "", sqlstate);
  if (state == "42501") throw pqxx::insufficient_privilege(message, "", sqlstate);
  throw pqxx::sql_error(message, "", sqlstate);
}

// In poll's milliseconds, where -1 means for ever.
int PollMillis(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) return -1;
  const int64_t millis = absl::ToInt64Milliseconds(absl::Ceil(deadline - absl::Now(), absl::Milliseconds(1)));
  return static_cast<int>(std::clamp<int64_t>(millis, 0, std::numeric_limits<int>::max()));
}

}  // namespace

ConnectOnce::handle ConnectOnce::do_startconnect(handle current) {
  if (current != nullptr) return current;
  if (connected_) throw pqxx::broken_connection("the connection was lost");
  server_ = Connect(options(), timeout_);
  connected_ = true;
  return server_;
}

ConnectOnce::handle ConnectOnce::do_disconnect(handle current) noexcept {
  server_ = nullptr;
  return connectionpolicy::do_disconnect(current);
}

Session::Session(const std::string& url, absl::Duration connect_timeout)
    : connection_base(policy_), policy_(url, connect_timeout) {
  init();
  // So that a server that stops reading cannot hold us either.
  PQsetnonblocking(server(), 1);
  // Without DETAIL lines: they quote the rows concerned, and would end in a log.
  PQsetErrorVerbosity(server(), PQERRORS_TERSE);
}

Session::~Session() { close(); }

std::vector<pqxx::result> Session::Exchange(const std::string& sql, absl::Duration patience) {
  Send(sql);
  std::vector<pqxx::result> results;
  for (RawResult& raw : Receive(absl::Now() + patience)) {
    Check(*raw);
    results.push_back((this->*BorrowedMakeResult())(raw.release(), sql));
  }
  return results;
}

std::vector<pqxx::result> Session::Exchange(const std::vector<Call>& calls, absl::Duration patience) {
  Send(calls);
  std::vector<pqxx::result> results;
  std::vector<RawResult> raw = ReceivePipeline(absl::Now() + patience);
  // The first that failed says why; those after it only that they were not run.
  for (const RawResult& result : raw) Check(*result);
  if (raw.size() != calls.size()) throw pqxx::broken_connection("the server left a statement unanswered");
  for (size_t i = 0; i < raw.size(); ++i) {
    results.push_back((this->*BorrowedMakeResult())(raw[i].release(), calls[i].statement));
  }
  return results;
}

void Session::Prepare(const char* name, const char* sql, absl::Duration patience) {
  if (PQsendPrepare(server(), name, sql, 0, nullptr) == 0) {
    throw pqxx::broken_connection(OneLine(PQerrorMessage(server())));
  }
  for (const RawResult& result : Receive(absl::Now() + patience)) Check(*result);
}

void Session::Check(const PGresult& result) const {
  const ExecStatusType status = PQresultStatus(&result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return;
  const std::string message = OneLine(PQresultErrorMessage(&result));
  if (lost()) throw pqxx::broken_connection(message);
  ThrowSqlError(message, PQresultErrorField(&result, PG_DIAG_SQLSTATE));
}

void Session::Send(const std::string& sql) {
  if (PQsendQuery(server(), sql.c_str()) == 0)
    throw pqxx::broken_connection(OneLine(PQerrorMessage(server())));
}

// To the last one, also after an error: only then the connection can be used again.
std::vector<Session::RawResult> Session::Receive(absl::Time deadline) {
  std::vector<RawResult> results;
  for (;;) {
    AwaitResult(deadline);
    RawResult result(PQgetResult(server()));
    if (result == nullptr) return results;
    results.push_back(std::move(result));
  }
}

void Session::Send(const std::vector<Call>& calls) {
  bool sent = PQenterPipelineMode(server()) == 1;
  for (const Call& call : calls) sent = sent && Send(call);
  if (!sent || PQpipelineSync(server()) == 0) {
    throw pqxx::broken_connection(OneLine(PQerrorMessage(server())));
  }
}

bool Session::Send(const Call& call) {
  std::vector<const char*> values;
  values.reserve(call.values.size());
  for (const std::optional<std::string>& value : call.values) {
    values.push_back(value.has_value() ? value->c_str() : nullptr);
  }
  constexpr int kAsText = 0;
  return PQsendQueryPrepared(server(), call.statement.c_str(), static_cast<int>(values.size()), values.data(),
                             nullptr, nullptr, kAsText) == 1;
}

// To the last one, as above. Each call has a result, also one that was not run after an error; the end of it
// is a null.
std::vector<Session::RawResult> Session::ReceivePipeline(absl::Time deadline) {
  std::vector<RawResult> results;
  for (;;) {
    AwaitResult(deadline);
    RawResult result(PQgetResult(server()));
    if (result == nullptr) continue;
    if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) break;
    results.push_back(std::move(result));
    if (lost()) return results;
  }
  if (PQexitPipelineMode(server()) == 0) {
    throw pqxx::broken_connection(OneLine(PQerrorMessage(server())));
  }
  return results;
}

void Session::AwaitResult(absl::Time deadline) {
  for (;;) {
    const bool unsent = PQflush(server()) == 1;
    if (!unsent && PQisBusy(server()) == 0) return;
    AwaitSocket(unsent ? POLLIN | POLLOUT : POLLIN, deadline);
    // A failure shows in the result.
    PQconsumeInput(server());
  }
}

void Session::AwaitSocket(short events, absl::Time deadline) {
  pollfd socket{.fd = PQsocket(server()), .events = events, .revents = 0};
  while (poll(&socket, 1, PollMillis(deadline)) <= 0) {
    if (absl::Now() >= deadline) GiveUp();
  }
}

void Session::GiveUp() {
  shutdown(PQsocket(server()), SHUT_RDWR);
  // Lets libpq see the end.
  PQconsumeInput(server());
  throw pqxx::broken_connection("the server did not answer in time");
}

}  // namespace tidemark::pg
