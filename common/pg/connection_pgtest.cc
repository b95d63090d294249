#include <gtest/gtest.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <limits>
#include <thread>

#include "common/pg/connection.h"
#include "common/pg/test_database.h"

namespace tidemark::pg {
namespace {

using Tcp = boost::asio::ip::tcp;

const std::vector<Statement> kStatements = {
    {"echo_text", "text", "SELECT $1"},
    {"echo_texts", "text[]", "SELECT * FROM unnest($1) WITH ORDINALITY AS row (value, place) ORDER BY place"},
    {"echo_values", "bigint, boolean, float8, uuid", "SELECT $1, $2, $3, $4"},
    {"sum", "bigint[]", "SELECT count(*), coalesce(sum(value), 0) FROM unnest($1) AS value"},
    {"whoami", "", "SELECT current_setting('tidemark.user_id', true)"},
    {"remember", "text", "INSERT INTO remembered (value) VALUES ($1)"},
};

const UserId kAda("00000000-0000-4000-8000-00000000ada0");

class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    Connection owner(PoolOptions{.url = database_.owner_url()});
    owner.Query("CREATE TABLE remembered (value text); GRANT ALL ON remembered TO tidemark_service");
    db_.emplace(PoolOptions{.url = database_.service_url(), .statements = kStatements});
  }

  int64_t Remembered() { return db_->Query("SELECT count(*) FROM remembered")[0][0].as<int64_t>(); }

  TestDatabase database_;
  std::optional<Connection> db_;
};

const std::string kHardTexts[] = {
    "",
    "plain",
    "it's",
    "''; DROP TABLE remembered; --",
    R"(back\slash \' \n \\)",
    "line\nbreak\r\n\ttab",
    R"("double" {braces, commas} NULL)",
    "NULL",
    "$1 $$ E'x' U&'x' %s",
    "héllo wörld — 日本語 🌊",
    "\x01\x7f",
    std::string(16'384, '\\'),
};

TEST_F(ConnectionTest, AnyTextComesBackAsItWasSent) {
  for (const std::string& text : kHardTexts) {
    EXPECT_EQ(db_->Query(Script().Execute("echo_text", text))[0][0].as<std::string>(), text);
  }
}

TEST_F(ConnectionTest, AnyTextComesBackFromAnArray) {
  const std::vector<std::string> sent(std::begin(kHardTexts), std::end(kHardTexts));
  const pqxx::result rows = db_->Query(Script().Execute("echo_texts", sent));
  ASSERT_EQ(rows.size(), sent.size());
  for (size_t i = 0; i < sent.size(); ++i) EXPECT_EQ(rows[i][0].as<std::string>(), sent[i]);
}

TEST_F(ConnectionTest, ANullInAnArrayIsNotTheTextNull) {
  const std::vector<std::optional<std::string>> sent = {"NULL", std::nullopt, ""};
  const pqxx::result rows = db_->Query(Script().Execute("echo_texts", sent));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0][0].as<std::string>(), "NULL");
  EXPECT_TRUE(rows[1][0].is_null());
  EXPECT_EQ(rows[2][0].as<std::string>(), "");
}

TEST_F(ConnectionTest, NumbersAndBooleansKeepTheirValue) {
  const int64_t smallest = std::numeric_limits<int64_t>::min();
  const pqxx::result rows = db_->Query(Script().Execute("echo_values", smallest, true, 0.1, kAda.value()));
  EXPECT_EQ(rows[0][0].as<int64_t>(), smallest);
  EXPECT_TRUE(rows[0][1].as<bool>());
  EXPECT_EQ(rows[0][2].as<double>(), 0.1);
  EXPECT_EQ(rows[0][3].as<std::string>(), kAda.value());
}

TEST_F(ConnectionTest, AnEmptyOptionalIsNull) {
  const pqxx::row row =
      db_->Query(Script().Execute("echo_values", std::optional<int64_t>(), std::optional<bool>(),
                                  std::optional<double>(7), std::optional<std::string>()))[0];
  EXPECT_TRUE(row[0].is_null());
  EXPECT_TRUE(row[1].is_null());
  EXPECT_EQ(row[2].as<double>(), 7);
  EXPECT_TRUE(row[3].is_null());
}

TEST_F(ConnectionTest, ArraysMayBeEmptyAndHoldNumbers) {
  const pqxx::result empty = db_->Query(Script().Execute("sum", std::vector<int64_t>()));
  EXPECT_EQ(empty[0][0].as<int>(), 0);
  const pqxx::result three =
      db_->Query(Script().Execute("sum", std::vector<std::optional<int64_t>>{1, std::nullopt, 41}));
  EXPECT_EQ(three[0][0].as<int>(), 3);
  EXPECT_EQ(three[0][1].as<int>(), 42);
}

TEST_F(ConnectionTest, ATextWithANulByteIsRefusedBeforeItIsCutShort) {
  EXPECT_THROW(Script().Execute("echo_text", std::string("a\0b", 3)), pqxx::argument_error);
}

TEST_F(ConnectionTest, AScriptAnswersWithItsLastStatement) {
  Script script;
  script.Execute("echo_text", "first").Execute("echo_text", "last");
  EXPECT_EQ(db_->Query(script)[0][0].as<std::string>(), "last");
}

TEST_F(ConnectionTest, QueryEachAnswersForEveryStatement) {
  Script script;
  script.BeginSnapshot()
      .Bind(kAda)
      .Execute("whoami")
      .Execute("echo_texts", std::vector<std::string>{"a", "b"})
      .Commit();
  const std::vector<pqxx::result> results = db_->QueryEach(script);
  ASSERT_EQ(results.size(), 5u);
  EXPECT_EQ(results[2][0][0].as<std::string>(), kAda.value());
  EXPECT_EQ(results[3].size(), 2u);
  EXPECT_FALSE(db_->in_transaction());
}

TEST_F(ConnectionTest, ASnapshotDoesNotSeeWhatIsCommittedMeanwhile) {
  db_->Query(Script().BeginSnapshot().Execute("whoami"));
  Connection(PoolOptions{.url = database_.service_url()}).Query("INSERT INTO remembered VALUES ('later')");
  EXPECT_EQ(Remembered(), 0);
  db_->Query(Script().Commit());
  EXPECT_EQ(Remembered(), 1);
}

TEST_F(ConnectionTest, BindHoldsInsideOneScriptWithoutBegin) {
  const pqxx::result rows = db_->Query(Script().Bind(kAda).Execute("whoami"));
  EXPECT_EQ(rows[0][0].as<std::string>(), kAda.value());
}

TEST_F(ConnectionTest, BindEndsWithItsTransaction) {
  db_->Query(Script().Bind(kAda).Execute("whoami"));
  EXPECT_EQ(db_->Query(Script().Execute("whoami"))[0][0].as<std::string>(""), "");
  db_->Query(Script().Begin().Bind(kAda).Commit());
  EXPECT_EQ(db_->Query(Script().Execute("whoami"))[0][0].as<std::string>(""), "");
}

TEST_F(ConnectionTest, BindHoldsFromBeginToCommit) {
  db_->Query(Script().Begin().Bind(kAda));
  EXPECT_TRUE(db_->in_transaction());
  EXPECT_EQ(db_->Query(Script().Execute("whoami"))[0][0].as<std::string>(), kAda.value());
  db_->Query(Script().Commit());
  EXPECT_FALSE(db_->in_transaction());
}

TEST_F(ConnectionTest, AScriptThatFailsHalfwayLeavesNothing) {
  Script script;
  script.Execute("remember", "kept only if all of it works")
      .Execute("echo_values", "no number", true, 0.0, "");
  EXPECT_THROW(db_->Query(script), pqxx::sql_error);
  EXPECT_EQ(Remembered(), 0);
}

TEST_F(ConnectionTest, AFailureInsideATransactionLeavesItOpenForRollback) {
  Script script;
  script.Begin().Execute("remember", "x").Execute("echo_values", "no number", true, 0.0, "").Commit();
  EXPECT_THROW(db_->Query(script), pqxx::sql_error);
  EXPECT_TRUE(db_->in_transaction());
  db_->Query("ROLLBACK");
  EXPECT_FALSE(db_->in_transaction());
  EXPECT_EQ(Remembered(), 0);
}

TEST_F(ConnectionTest, AnErrorIsOneLineAndQuotesNeitherRowNorQuery) {
  Connection owner(PoolOptions{.url = database_.owner_url()});
  owner.Query("CREATE TABLE secrets (text text UNIQUE); INSERT INTO secrets VALUES ('my diary')");
  try {
    owner.Query("INSERT INTO secrets VALUES ('my diary')");
    FAIL() << "a duplicate was stored";
  } catch (const pqxx::sql_error& violation) {
    EXPECT_EQ(violation.sqlstate(), "23505");
    EXPECT_EQ(violation.query(), "");
    EXPECT_EQ(std::string(violation.what()).find('\n'), std::string::npos) << violation.what();
    EXPECT_EQ(std::string(violation.what()).find("my diary"), std::string::npos) << violation.what();
    EXPECT_NE(std::string(violation.what()).find("secrets_text_key"), std::string::npos) << violation.what();
  }
}

TEST_F(ConnectionTest, TellsHowManyStatementsItSentThatReadAndThatWrite) {
  int reads = 0, writes = 0;
  Connection counted(PoolOptions{.url = database_.service_url(),
                                 .statements = kStatements,
                                 .on_statements = [&](int more_reads, int more_writes) {
                                   reads += more_reads;
                                   writes += more_writes;
                                 }});
  counted.Query("SELECT 1");
  EXPECT_EQ(reads + writes, 0) << "neither preparing nor asking whether the server is there counts";
  counted.Query(
      Script().Begin().Bind(kAda).Execute("whoami").Execute("remember", "x").Execute("whoami").Commit());
  EXPECT_EQ(reads, 2);
  EXPECT_EQ(writes, 1);
}

TEST_F(ConnectionTest, AConnectionThatWasEndedKnowsItBeforeItIsUsed) {
  const std::string pid = db_->Query("SELECT pg_backend_pid()")[0][0].as<std::string>();
  EXPECT_TRUE(db_->is_open());
  Connection killer(PoolOptions{.url = database_.service_url()});
  // With a timeout the function waits until the backend is gone.
  EXPECT_TRUE(killer.Query("SELECT pg_terminate_backend(" + pid + ", 10000)")[0][0].as<bool>());
  EXPECT_FALSE(db_->is_open());
}

TEST_F(ConnectionTest, NeverConnectsAgainByItself) {
  EXPECT_THROW(db_->Query("SELECT pg_terminate_backend(pg_backend_pid())"), std::exception);
  EXPECT_THROW(db_->Query("SELECT 1"), pqxx::broken_connection);
  EXPECT_THROW(db_->Query("SELECT 1"), pqxx::broken_connection);
}

TEST_F(ConnectionTest, ASnapshotCannotWrite) {
  EXPECT_THROW(db_->Query(Script().BeginSnapshot().Execute("remember", "no")), pqxx::sql_error);
}

TEST_F(ConnectionTest, AnswersLargerThanTheSocketBuffersArriveWhole) {
  const std::string large(4'000'000, 'x');
  EXPECT_EQ(db_->Query(Script().Execute("echo_text", large))[0][0].as<std::string>(), large);
}

// Stops the backend process itself, so that its own timeouts stand still too.
TEST(ConnectionTimeoutTest, GivesUpOnAServerThatHasStalled) {
  TestDatabase database;
  Connection db(PoolOptions{.url = database.service_url(), .statement_timeout = absl::Milliseconds(50)});
  // Not asked of itself, which on a busy machine takes longer than that.
  Connection owner(PoolOptions{.url = database.owner_url()});
  const pqxx::result backends = owner.Query(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'tidemark_service'");
  const pid_t backend = backends[0][0].as<pid_t>();
  ASSERT_EQ(kill(backend, SIGSTOP), 0);
  EXPECT_THROW(db.Query("SELECT 1"), pqxx::broken_connection);
  EXPECT_FALSE(db.is_open());
  kill(backend, SIGCONT);
}

// Greets, answers one query, and then reads on without a word.
class SilentServer {
 public:
  SilentServer() : thread_([this] { Run(); }) {}
  ~SilentServer() { thread_.join(); }
  std::string url() const {
    return "postgresql://u@127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) +
           "/d?sslmode=disable&gssencmode=disable";
  }

 private:
  void Run() {
    using std::string_literals::operator""s;
    Tcp::socket client(context_);
    acceptor_.accept(client);
    const std::string greeting = "R\0\0\0\x08\0\0\0\0S\0\0\0\x18server_version\0"s + "15.2\0Z\0\0\0\x05I"s;
    for (const std::string& answer : {greeting, "C\0\0\0\x08SET\0Z\0\0\0\x05I"s}) {
      Read(client);
      boost::asio::write(client, boost::asio::buffer(answer));
    }
    while (Read(client)) {
    }
  }
  // False: the client has gone.
  static bool Read(Tcp::socket& client) {
    std::array<char, 64 * 1024> bytes;
    boost::system::error_code error;
    client.read_some(boost::asio::buffer(bytes), error);
    return !error.failed();
  }

  boost::asio::io_context context_;
  Tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

TEST(ConnectionTimeoutTest, GivesUpOnAServerThatStallsWhileStatementsArePrepared) {
  SilentServer server;
  EXPECT_THROW(Connection({.url = server.url(), .connect_timeout = absl::Seconds(1)}),
               pqxx::broken_connection);
}

TEST(ConnectionTimeoutTest, CutsAStatementThatTakesTooLong) {
  TestDatabase database;
  Connection db(PoolOptions{.url = database.service_url(), .statement_timeout = absl::Milliseconds(20)});
  try {
    db.Query("SELECT pg_sleep(60)");
    FAIL() << "was not cut";
  } catch (const pqxx::sql_error& error) {
    EXPECT_EQ(error.sqlstate(), "57014");
  }
}

}  // namespace
}  // namespace tidemark::pg
