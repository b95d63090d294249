// libpqxx's connection with what it keeps to itself: its libpq handle, a limit to each wait, and the results
// of all statements of one message. libpqxx is left with quoting, results and exceptions.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <pqxx/pqxx>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/pg/connection.h"

namespace tidemark::pg {

// Connects once. libpqxx 6 would connect again by itself after a loss, and whoever was in the middle of a
// transaction would go on outside of one.
class ConnectOnce : public pqxx::connectionpolicy {
 public:
  ConnectOnce(const std::string& url, absl::Duration timeout) : connectionpolicy(url), timeout_(timeout) {}

  // Null once disconnected.
  PGconn* server() const { return server_; }

  handle do_startconnect(handle current) override;
  handle do_disconnect(handle current) noexcept override;

 private:
  const absl::Duration timeout_;
  bool connected_ = false;
  PGconn* server_ = nullptr;
};

// Not thread-safe.
class Session : public pqxx::connection_base {
 public:
  // Connects. Throws pqxx::broken_connection.
  Session(const std::string& url, absl::Duration connect_timeout);
  ~Session();

  // Sends `sql` in one message and returns one result per statement. Throws the exception of the first that
  // failed; those before it are undone with it unless they were committed. pqxx::broken_connection: the
  // connection is lost, or there was no answer within `patience`, which ends it.
  std::vector<pqxx::result> Exchange(const std::string& sql, absl::Duration patience);
  // The same for prepared statements, in libpq's pipeline mode. Without a BEGIN they are one transaction.
  std::vector<pqxx::result> Exchange(const std::vector<Call>& calls, absl::Duration patience);
  void Prepare(const char* name, const char* sql, absl::Duration patience);

  // Known to be lost, without asking.
  bool lost() const { return PQstatus(server()) != CONNECTION_OK; }
  PGconn* server() const { return policy_.server(); }

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using RawResult = std::unique_ptr<PGresult, Clear>;

  void Send(const std::string& sql);
  std::vector<RawResult> Receive(absl::Time deadline);
  void Send(const std::vector<Call>& calls);
  // False: the connection is lost.
  bool Send(const Call& call);
  std::vector<RawResult> ReceivePipeline(absl::Time deadline);
  // Throws what the statement failed with.
  void Check(const PGresult& result) const;
  void AwaitResult(absl::Time deadline);
  void AwaitSocket(short events, absl::Time deadline);
  [[noreturn]] void GiveUp();

  ConnectOnce policy_;
};

}  // namespace tidemark::pg
