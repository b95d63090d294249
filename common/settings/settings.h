// Settings from flags and environment: `--postgres-url` is also TIDEMARK_POSTGRES_URL; the flag wins.
//
//   struct SyncSettings { std::string address = "127.0.0.1:50051"; int postgres_connections = 8; … };
//
//   SyncSettings s;
//   settings::Table table("tidemark-sync", "Keeps the tasks of all users in step.");
//   table.Add("address", &s.address, "where to listen for gRPC, host:port");
//   table.Add("postgres-connections", &s.postgres_connections, "size of the pool").Range(1, 500);
//   if (std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;
//
// One table per process yields flags, environment, --help (with defaults), --version, --check-config (prints
// what is wrong, or every setting with secrets masked, and exits) and --print-settings-doc (the process' part
// of docs/settings.md in Markdown).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tidemark::settings {

struct Option;

// The field of each setting has its value when Parse has returned nothing; fields outlive the table.
class Table {
 public:
  class Entry {
   public:
    // Bounds of a number, both included; the default lies within.
    Entry& Range(int64_t low, int64_t high);
    // Masked wherever settings are shown.
    Entry& Secret();
    // Not empty.
    Entry& Required();
    Entry& OneOf(std::vector<std::string> values);
    // Judges the text, default included, unless it is empty: a file that must be readable, say.
    Entry& Check(std::function<absl::Status(const std::string&)> check);

   private:
    friend class Table;
    explicit Entry(Option& option) : option_(option) {}
    Option& option_;
  };

  Table(std::string process, std::string purpose);
  ~Table();

  // The field's present value is the default. `name` is in kebab-case without dashes in front. Durations are
  // written as absl::ParseDuration reads them: 250ms, 5s, 1h.
  Entry Add(std::string_view name, std::string* field, std::string_view comment);
  Entry Add(std::string_view name, int* field, std::string_view comment);
  Entry Add(std::string_view name, int64_t* field, std::string_view comment);
  Entry Add(std::string_view name, bool* field, std::string_view comment);
  Entry Add(std::string_view name, absl::Duration* field, std::string_view comment);

  // Nothing: go on. Otherwise main returns this code; what there was to say has been printed: 0 on standard
  // output, 2 (every problem of every setting) on standard error. An environment variable that is empty
  // counts as absent.
  std::optional<int> Parse(int argc, char** argv);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::settings
