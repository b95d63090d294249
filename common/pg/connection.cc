#include "common/pg/connection.h"

#include <poll.h>

#include <algorithm>
#include <unordered_map>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/pg/pool_metrics.h"
#include "common/pg/session.h"
#include "common/pg/statement_kind.h"

namespace tidemark::pg {
namespace {

// The server's own timeout comes first, and its answer needs time to travel.
constexpr absl::Duration kStallGrace = absl::Seconds(1);

// In PostgreSQL's milliseconds, where 0 means never.
int64_t TimeoutMillis(absl::Duration timeout) {
  return timeout == absl::InfiniteDuration() ? 0 : std::max<int64_t>(1, absl::ToInt64Milliseconds(timeout));
}

// Transactions are begun and ended by name like all else: a message holds prepared statements or SQL, not
// both.
constexpr char kBegin[] = "begin";
constexpr char kBeginSnapshot[] = "begin_snapshot";
constexpr char kBind[] = "bind";
constexpr char kCommit[] = "commit";
constexpr std::pair<const char*, const char*> kOwnStatements[] = {
    {kBegin, "BEGIN ISOLATION LEVEL READ COMMITTED"},
    {kBeginSnapshot, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"},
    {kBind, "SELECT set_config('tidemark.user_id', $1, true)"},
    {kCommit, "COMMIT"}};

// Plans are made once: a statement of ours is by index whatever its values are, and making a plan for them
// costs more than it runs.
std::string SetUp(const PoolOptions& options) {
  const int64_t timeout = TimeoutMillis(options.statement_timeout);
  std::string sql = absl::StrCat("SET statement_timeout = ", timeout,
                                 "; SET idle_in_transaction_session_timeout = ", timeout,
                                 "; SET plan_cache_mode = force_generic_plan");
  for (const Statement& statement : options.statements) {
    const std::string parameters = statement.parameters.empty() ? "" : "(" + statement.parameters + ")";
    absl::StrAppend(&sql, "; PREPARE ", statement.name, parameters, " AS ", statement.sql);
  }
  return sql;
}

}  // namespace

Script& Script::Begin() { return Execute(kBegin); }
Script& Script::BeginSnapshot() { return Execute(kBeginSnapshot); }
Script& Script::Bind(const UserId& user) { return Execute(kBind, user.value()); }
Script& Script::Bind(const std::vector<UserId>& users) {
  const auto append = [](std::string* list, const UserId& user) { list->append(user.value()); };
  return Execute(kBind, absl::StrJoin(users, ",", append));
}
Script& Script::Commit() { return Execute(kCommit); }

void Script::AppendText(std::string text) {
  if (text.find('\0') != std::string::npos) {
    throw pqxx::argument_error("a text for PostgreSQL has a NUL byte");
  }
  calls_.back().values.push_back(std::move(text));
}

struct Connection::Impl {
  explicit Impl(const PoolOptions& options)
      : session(options.url, options.connect_timeout),
        patience(options.statement_timeout + kStallGrace),
        on_statements(options.on_statements),
        times(options.metrics) {
    for (const Statement& statement : options.statements)
      writes.emplace(statement.name, Writes(statement.sql));
  }

  void Count(const std::vector<Call>& calls) const {
    int counts[2] = {0, 0};
    for (const Call& call : calls) {
      const auto found = writes.find(call.statement);
      if (found != writes.end()) ++counts[found->second];
    }
    times.CountStatements(counts[false], counts[true]);
    if (on_statements != nullptr) on_statements(counts[false], counts[true]);
  }

  // What a script is known by: the first of its statements that is ours.
  const std::string& NameOf(const std::vector<Call>& calls) const {
    const auto ours = [this](const Call& call) { return writes.contains(call.statement); };
    const auto first = std::ranges::find_if(calls, ours);
    return (first == calls.end() ? calls.back() : *first).statement;
  }

  Session session;
  const absl::Duration patience;
  const std::function<void(int reads, int writes)> on_statements;
  // By name, whether it does. Transactions are begun and ended by none of these.
  std::unordered_map<std::string, bool> writes;
  QueryTimes times;
};

Connection::Connection(const PoolOptions& options) : impl_(std::make_unique<Impl>(options)) {
  impl_->session.Exchange(SetUp(options), options.connect_timeout);
  for (const auto& [name, sql] : kOwnStatements) impl_->session.Prepare(name, sql, options.connect_timeout);
}

Connection::~Connection() = default;

pqxx::result Connection::Query(const Script& script) { return QueryEach(script).back(); }

std::vector<pqxx::result> Connection::QueryEach(const Script& script) {
  impl_->Count(script.calls());
  // What fails is measured too: a timeout is what one wants to see.
  const absl::Cleanup measure = [this, &script, began = absl::Now()] {
    impl_->times.Observe(impl_->NameOf(script.calls()), absl::Now() - began);
  };
  return impl_->session.Exchange(script.calls(), impl_->patience);
}

pqxx::result Connection::Query(std::string_view sql) {
  return impl_->session.Exchange(std::string(sql), impl_->patience).back();
}

std::string Connection::Quote(std::string_view value) const {
  return impl_->session.quote(std::string(value));
}

bool Connection::is_open() const {
  if (impl_->session.lost()) return false;
  // Between scripts the server has nothing to say but goodbye.
  pollfd waits{.fd = socket(), .events = POLLIN, .revents = 0};
  return poll(&waits, 1, 0) == 0;
}

int Connection::socket() const { return PQsocket(impl_->session.server()); }

bool Connection::in_transaction() const {
  return PQtransactionStatus(impl_->session.server()) != PQTRANS_IDLE;
}

}  // namespace tidemark::pg
