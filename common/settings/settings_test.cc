#include "common/settings/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace tidemark::settings {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Fields {
  std::string address = "127.0.0.1:50051";
  int connections = 8;
  int64_t bytes = 1 << 20;
  bool migrate = false;
  absl::Duration timeout = absl::Seconds(5);
  std::string log_level = "info";
  std::string master_key = "default-key";
  std::string postgres_url = "postgresql://default";
  std::string limits_file;
};

struct Outcome {
  std::optional<int> exit_code;
  std::string out;
  std::string err;
};

class SettingsTest : public testing::Test {
 protected:
  ~SettingsTest() override {
    for (const std::string& name : variables_) unsetenv(name.c_str());
  }

  void SetVariable(const std::string& name, const std::string& value) {
    variables_.push_back(name);
    setenv(name.c_str(), value.c_str(), 1);
  }

  Outcome Parse(std::vector<std::string> arguments) {
    Table table("tidemark-test", "Tests settings.");
    table.Add("address", &fields_.address, "where to listen");
    table.Add("connections", &fields_.connections, "size of the pool").Range(1, 500);
    table.Add("bytes", &fields_.bytes, "size of a body");
    table.Add("migrate", &fields_.migrate, "migrate and exit");
    table.Add("timeout", &fields_.timeout, "how long to wait");
    table.Add("log-level", &fields_.log_level, "what to log").OneOf({"info", "error"});
    table.Add("master-key", &fields_.master_key, "encrypts keys").Secret();
    table.Add("postgres-url", &fields_.postgres_url, "the database").Required();
    table.Add("limits-file", &fields_.limits_file, "the limits").Check([](const std::string& path) {
      return path == "bad" ? absl::InvalidArgumentError("bad:3: no such policy") : absl::OkStatus();
    });

    arguments.insert(arguments.begin(), "tidemark-test");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Outcome outcome;
    outcome.exit_code = table.Parse(static_cast<int>(argv.size()), argv.data());
    outcome.out = testing::internal::GetCapturedStdout();
    outcome.err = testing::internal::GetCapturedStderr();
    return outcome;
  }

  Fields fields_;

 private:
  std::vector<std::string> variables_;
};

TEST_F(SettingsTest, DefaultsStandWhenNothingIsGiven) {
  EXPECT_EQ(Parse({}).exit_code, std::nullopt);
  EXPECT_EQ(fields_.address, "127.0.0.1:50051");
  EXPECT_EQ(fields_.connections, 8);
  EXPECT_FALSE(fields_.migrate);
}

TEST_F(SettingsTest, FlagBeatsEnvironmentBeatsDefault) {
  SetVariable("TIDEMARK_ADDRESS", "10.0.0.1:1");
  SetVariable("TIDEMARK_CONNECTIONS", "20");
  EXPECT_EQ(Parse({"--connections", "30"}).exit_code, std::nullopt);
  EXPECT_EQ(fields_.address, "10.0.0.1:1");
  EXPECT_EQ(fields_.connections, 30);
}

TEST_F(SettingsTest, ReadsEveryTypeFromFlags) {
  EXPECT_EQ(Parse({"--bytes=9007199254740993", "--migrate", "--timeout", "250ms"}).exit_code, std::nullopt);
  EXPECT_EQ(fields_.bytes, 9007199254740993);
  EXPECT_TRUE(fields_.migrate);
  EXPECT_EQ(fields_.timeout, absl::Milliseconds(250));
}

TEST_F(SettingsTest, ReadsSwitchesFromTheEnvironment) {
  SetVariable("TIDEMARK_MIGRATE", "1");
  EXPECT_EQ(Parse({}).exit_code, std::nullopt);
  EXPECT_TRUE(fields_.migrate);
  EXPECT_EQ(Parse({"--migrate=false"}).exit_code, std::nullopt);
  EXPECT_FALSE(fields_.migrate);
}

TEST_F(SettingsTest, TheLastOfTwoEqualFlagsCounts) {
  EXPECT_EQ(Parse({"--address", "a:1", "--address", "b:2"}).exit_code, std::nullopt);
  EXPECT_EQ(fields_.address, "b:2");
}

TEST_F(SettingsTest, BoundsAreIncluded) {
  EXPECT_EQ(Parse({"--connections", "1"}).exit_code, std::nullopt);
  EXPECT_EQ(Parse({"--connections", "500"}).exit_code, std::nullopt);
  EXPECT_EQ(Parse({"--connections", "0"}).exit_code, 2);
  const Outcome above = Parse({"--connections", "501"});
  EXPECT_EQ(above.exit_code, 2);
  EXPECT_THAT(above.err, HasSubstr("--connections (TIDEMARK_CONNECTIONS): 501 is not within 1 ... 500"));
  EXPECT_EQ(fields_.connections, 500);
}

TEST_F(SettingsTest, EveryProblemIsNamedAtOnce) {
  SetVariable("TIDEMARK_TIMEOUT", "soon");
  const Outcome outcome =
      Parse({"--connections", "many", "--log-level", "loud", "--migrate=perhaps", "--postgres-url", ""});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--connections (TIDEMARK_CONNECTIONS): \"many\" is not a whole number"));
  EXPECT_THAT(outcome.err, HasSubstr("--timeout (TIDEMARK_TIMEOUT): \"soon\" is not a duration"));
  EXPECT_THAT(outcome.err, HasSubstr("\"loud\" is not one of info, error"));
  EXPECT_THAT(outcome.err, HasSubstr("\"perhaps\" is not true or false"));
  EXPECT_THAT(outcome.err, HasSubstr("--postgres-url (TIDEMARK_POSTGRES_URL): is required"));
}

TEST_F(SettingsTest, UnknownFlagsAndStrayArgumentsExitWithTwo) {
  EXPECT_EQ(Parse({"--adress", "a:1"}).exit_code, 2);
  EXPECT_EQ(Parse({"stray"}).exit_code, 2);
  EXPECT_EQ(Parse({"--address"}).exit_code, 2);
}

TEST_F(SettingsTest, HelpNamesVariablesAndDefaultsButNoSecret) {
  const Outcome help = Parse({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--address VALUE"));
  EXPECT_THAT(help.out, HasSubstr("(TIDEMARK_ADDRESS, default 127.0.0.1:50051)"));
  EXPECT_THAT(help.out, HasSubstr("(TIDEMARK_TIMEOUT, default 5s)"));
  EXPECT_THAT(help.out, HasSubstr("(TIDEMARK_POSTGRES_URL, required)"));
  EXPECT_THAT(help.out, Not(HasSubstr("default-key")));
}

TEST_F(SettingsTest, VersionNamesTheProcess) {
  const Outcome version = Parse({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.out, "tidemark-test " TIDEMARK_VERSION "\n");
}

TEST_F(SettingsTest, CheckConfigShowsAllSettingsWithSecretsMasked) {
  SetVariable("TIDEMARK_MASTER_KEY", "c0ffee");
  const Outcome check = Parse({"--check-config", "--connections", "9"});
  EXPECT_EQ(check.exit_code, 0);
  EXPECT_THAT(check.out, HasSubstr("TIDEMARK_CONNECTIONS=9\n"));
  EXPECT_THAT(check.out, HasSubstr("TIDEMARK_MASTER_KEY=***\n"));
  EXPECT_THAT(check.out, Not(HasSubstr("c0ffee")));
}

TEST_F(SettingsTest, CheckConfigExitsWithTwoWhenSomethingIsWrong) {
  const Outcome check = Parse({"--check-config", "--connections", "0"});
  EXPECT_EQ(check.exit_code, 2);
  EXPECT_EQ(check.out, "");
}

TEST_F(SettingsTest, ATextThatFailsItsCheckIsNamedWithTheReason) {
  const Outcome outcome = Parse({"--check-config", "--limits-file=bad"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--limits-file (TIDEMARK_LIMITS_FILE): bad:3: no such policy"));
  EXPECT_EQ(Parse({"--limits-file=good"}).exit_code, std::nullopt);
}

TEST_F(SettingsTest, TheDocHasARowPerSetting) {
  const Outcome doc = Parse({"--print-settings-doc"});
  EXPECT_EQ(doc.exit_code, 0);
  EXPECT_THAT(doc.out, HasSubstr("## tidemark-test\n"));
  EXPECT_THAT(doc.out, HasSubstr("| `--connections` | `TIDEMARK_CONNECTIONS` | `8` | size of the pool |\n"));
  EXPECT_THAT(doc.out, Not(HasSubstr("default-key")));
}

}  // namespace
}  // namespace tidemark::settings
