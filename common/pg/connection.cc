#include "common/pg/connection.h"

#include <poll.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/pg/session.h"

namespace tidemark::pg {
namespace {

// The server's own timeout comes first, and its answer needs time to travel.
constexpr absl::Duration kStallGrace = absl::Seconds(1);

// In PostgreSQL's milliseconds, where 0 means never.
int64_t TimeoutMillis(absl::Duration timeout) {
  return timeout == absl::InfiniteDuration() ? 0 : std::max<int64_t>(1, absl::ToInt64Milliseconds(timeout));
}

std::string SetUp(const PoolOptions& options) {
  const int64_t timeout = TimeoutMillis(options.statement_timeout);
  std::string sql = absl::StrCat("SET statement_timeout = ", timeout,
                                 "; SET idle_in_transaction_session_timeout = ", timeout);
  for (const Statement& statement : options.statements) {
    const std::string parameters = statement.parameters.empty() ? "" : "(" + statement.parameters + ")";
    absl::StrAppend(&sql, "; PREPARE ", statement.name, parameters, " AS ", statement.sql);
  }
  return sql;
}

}  // namespace

Script& Script::Begin() {
  statements_.push_back("BEGIN ISOLATION LEVEL READ COMMITTED");
  return *this;
}

Script& Script::BeginSnapshot() {
  statements_.push_back("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  return *this;
}

Script& Script::Bind(const UserId& user) {
  statements_.push_back("SELECT set_config('tidemark.user_id', " + connection_.Quote(user.value()) +
                        ", true)");
  return *this;
}

Script& Script::Commit() {
  statements_.push_back("COMMIT");
  return *this;
}

void Script::StartExecute(std::string_view statement) {
  statements_.push_back("EXECUTE " + std::string(statement));
  first_value_ = true;
}

Script& Script::FinishExecute() {
  if (!first_value_) statements_.back() += ')';
  return *this;
}

void Script::AppendLiteral(std::string_view literal) {
  statements_.back() += first_value_ ? "(" : ", ";
  statements_.back() += literal;
  first_value_ = false;
}

void Script::Append(std::string_view value) { AppendLiteral(connection_.Quote(value)); }
void Script::Append(int64_t value) { AppendLiteral(std::to_string(value)); }
void Script::Append(bool value) { AppendLiteral(value ? "true" : "false"); }
// Quoted, since infinities and NaN have no bare form.
void Script::Append(double value) { AppendLiteral("'" + DoubleText(value) + "'"); }

struct Connection::Impl {
  explicit Impl(const PoolOptions& options)
      : session(options.url, options.connect_timeout), patience(options.statement_timeout + kStallGrace) {}

  Session session;
  const absl::Duration patience;
};

Connection::Connection(const PoolOptions& options) : impl_(std::make_unique<Impl>(options)) {
  Query(SetUp(options));
}

Connection::~Connection() = default;

pqxx::result Connection::Query(const Script& script) { return QueryEach(script).back(); }

std::vector<pqxx::result> Connection::QueryEach(const Script& script) {
  return impl_->session.Exchange(absl::StrJoin(script.statements(), "; "), impl_->patience);
}

pqxx::result Connection::Query(std::string_view sql) {
  return impl_->session.Exchange(std::string(sql), impl_->patience).back();
}

std::string Connection::Quote(std::string_view value) const {
  if (value.find('\0') != std::string_view::npos) {
    throw pqxx::argument_error("a text for PostgreSQL has a NUL byte");
  }
  return impl_->session.quote(std::string(value));
}

bool Connection::is_open() const {
  if (impl_->session.lost()) return false;
  // Between scripts the server has nothing to say but goodbye.
  pollfd socket{.fd = PQsocket(impl_->session.server()), .events = POLLIN, .revents = 0};
  return poll(&socket, 1, 0) == 0;
}

bool Connection::in_transaction() const {
  return PQtransactionStatus(impl_->session.server()) != PQTRANS_IDLE;
}

}  // namespace tidemark::pg
