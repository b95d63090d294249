// tidemark-fleet: one scenario of bench/fleet.json, as JSON on standard output. bench/fleet runs them all.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/fleet_day/fleet_day.h"
#include "bench/fleet_day/result_json.h"
#include "bench/fleet_day/settings.h"
#include "bench/users/failed.h"
#include "common/log/log.h"

namespace tidemark::fleet {
namespace {

struct Arguments {
  std::string scenario = "final";
  std::string settings_file = "bench/fleet.json";
  std::vector<std::string> sets;
  bool tells_progress = false;
  FleetDayOptions options;
};

// "cache_lifetime_seconds=300": of the scenario. "/users=3000": of the file.
std::vector<Override> OverridesOf(const Arguments& arguments) {
  std::vector<Override> overrides;
  for (const std::string& set : arguments.sets) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos) throw bench::Failed(absl::StrCat("--set ", set, ": no NAME=VALUE"));
    const std::string name = set.substr(0, equals);
    overrides.push_back(
        {name.starts_with("/") ? name : absl::StrCat("/scenarios/", arguments.scenario, "/", name),
         set.substr(equals + 1)});
  }
  return overrides;
}

void Run(const Arguments& arguments) {
  const auto began = std::chrono::steady_clock::now();
  const Settings settings = ReadSettings(arguments.settings_file, OverridesOf(arguments));
  const auto scenario = settings.scenarios.find(arguments.scenario);
  if (scenario == settings.scenarios.end()) {
    throw bench::Failed(absl::StrCat("there is no scenario \"", arguments.scenario, "\""));
  }
  FleetDay day(settings, scenario->second, arguments.options);
  const Result result = day.Run([&arguments](double done) {
    if (arguments.tells_progress) std::fprintf(stderr, "progress %.3f\n", done);
  });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << ResultJson(settings, scenario->second, result, took.count());
}

}  // namespace
}  // namespace tidemark::fleet

int main(int argc, char** argv) {
  CLI::App app("A day of many users on a virtual clock, by the real client and the real services.",
               "tidemark-fleet");
  tidemark::fleet::Arguments arguments;
  app.add_option("--scenario", arguments.scenario, "which of the settings' scenarios")->capture_default_str();
  app.add_option("--settings", arguments.settings_file, "who lives the day, and how")->capture_default_str();
  app.add_option(
      "--set", arguments.sets,
      "NAME=VALUE, any number of times: a setting of the scenario, or by a JSON Pointer (/users) of "
      "the file");
  app.add_option("--postgres-url", arguments.options.postgres_url,
                 "a superuser of a PostgreSQL that nobody else uses; gets a database of its own")
      ->envname("TIDEMARK_TEST_POSTGRES_URL")
      ->required();
  app.add_option("--redis-url", arguments.options.redis_url, "a Redis that nobody else uses; it is emptied")
      ->envname("TIDEMARK_TEST_REDIS_URL")
      ->required();
  app.add_option("--lanes", arguments.options.lanes, "how many requests are under way at once")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_flag("--progress", arguments.tells_progress, "say on standard error how far it is");
  CLI11_PARSE(app, argc, argv);
  tidemark::log::Start("tidemark-fleet", "warning");
  try {
    tidemark::fleet::Run(arguments);
  } catch (const tidemark::bench::Failed& failed) {
    std::cerr << "tidemark-fleet: " << failed.what() << "\n";
    return 1;
  }
  return 0;
}
