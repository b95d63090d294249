// Prints how often a client syncs, by trigger, beside the documented figures.
#include <CLI/CLI.hpp>
#include <iostream>

#include "bench/week/report.h"
#include "client/domain/schedule/settings.h"
#include "services/ratelimit/client/policies.h"

int main(int argc, char** argv) {
  CLI::App app("Syncs per day by trigger, of active and inactive people on a virtual clock.",
               "tidemark-week");
  tidemark::week::ReportOptions options;
  std::string limits_file = "deploy/config/limits-final.textproto";
  app.add_option("--weeks", options.weeks, "how long they live")
      ->check(CLI::Range(1, 1'000))
      ->capture_default_str();
  app.add_option("--people", options.people, "of each kind")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "the same seed, the same weeks")->capture_default_str();
  app.add_option("--limits-file", limits_file, "the limits that they meet")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::StatusOr<tidemark::ratelimit::Limits> limits = tidemark::ratelimit::LoadLimits(limits_file);
  if (!limits.ok()) {
    std::cerr << limits.status().message() << "\n";
    return 1;
  }
  std::cout << tidemark::week::Report(options, tidemark::client::DefaultScheduleSettings(), limits->policies);
  return 0;
}
