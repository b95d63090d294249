// tidemark-simulate-service: the device simulation against the real service (docs/simulation.md).
//
//   tidemark-simulate-service --sync-address 127.0.0.1:50051,127.0.0.1:50151 --users tokens --seed 1 --steps
//   2000
//
// Each line of the file `tokens` is a user: `user-id access-token`. Up to four, whose accounts have never
// synced before: the names and numbers of the devices are the same in each run. Their limits must be out of
// the way (profile dev), and a run ends before the tokens do.
//
// The devices are those of tidemark-simulate: up to six a user, V1 among them, with clocks wrong by three
// days, small pages, crashes and clones, over a network that loses requests and answers and brings copies
// late. Their calls run side by side, each to any of the addresses. Whoever runs the service may kill, stop
// and restart any part of it meanwhile: UNAVAILABLE is an answer, and is asked again. (One thing no service
// can get right: a V1 request that outlives --timeout in a stopped process, and is stored after the device
// has said it again.)
//
// Again and again all settles, and it is judged as outside_laws.h says. A run is --rounds schedules of
// --steps events, of the seeds from --seed on; --rounds 0 goes on until SIGTERM, and ends the round it is in.
// The seed chooses what devices do, not how the service interleaves it: the same seed need not fail twice, so
// a broken law is reported with what happened last to the user concerned. Exits with 1 then.
#include <csignal>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "common/settings/settings.h"
#include "tests/simulation/schedule.h"
#include "tests/simulation/service_world.h"

namespace tidemark::simulation {
namespace {

// Clones are named by a letter of the alphabet, and six devices are a user's most.
constexpr std::size_t kUsersMax = 4;

struct Settings {
  std::string sync_address;
  std::string service_token;
  std::string users;
  int64_t seed = 1;
  int steps = 1'000;
  int rounds = 1;
  absl::Duration timeout = absl::Seconds(10);
};

volatile std::sig_atomic_t told_to_end = 0;

std::optional<int> Parse(Settings& s, int argc, char** argv) {
  settings::Table table("tidemark-simulate-service",
                        "Simulated devices sync with a running service, and judge whether an edit was lost, "
                        "skipped or applied twice.");
  table.Add("sync-address", &s.sync_address, "replicas of tidemark-sync, host:port, between commas")
      .Required();
  table.Add("service-token", &s.service_token, "the services' common credential").Secret().Required();
  table.Add("users", &s.users, "a file with a line `user-id access-token` for each of up to 4 new users")
      .Required();
  table.Add("seed", &s.seed, "of the first round").Range(1, kUnixMillisMax);
  table.Add("steps", &s.steps, "events of a round; it ends with all devices at rest").Range(1, 1'000'000);
  table.Add("rounds", &s.rounds, "how many; 0: until SIGTERM").Range(0, 1'000'000);
  table.Add("timeout", &s.timeout, "how long a call waits for its answer");
  return table.Parse(argc, argv);
}

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

std::vector<std::string> ReadTokens(const std::string& path) {
  std::vector<std::string> tokens;
  std::ifstream file(path);
  for (std::string user, token; file >> user >> token;) tokens.push_back(token);
  return tokens;
}

// Flushed: whoever runs this acts on it.
void Tell(uint64_t round, const ServiceCounts& counts) {
  std::cout << "round " << round << ": no law broken, in all " << counts.events << " events, " << counts.calls
            << " calls, " << counts.together << " at once, " << counts.unavailable << " unavailable, "
            << counts.rests << " times at rest" << std::endl;
}

int Run(const Settings& s, const std::vector<std::string>& tokens) {
  ServiceClient client(SplitAtCommas(s.sync_address), s.service_token, s.timeout);
  const auto seed = static_cast<uint64_t>(s.seed);
  const auto rounds = static_cast<uint64_t>(s.rounds);
  ServiceWorld world(seed, tokens, client);
  for (uint64_t round = 1; !told_to_end && (rounds == 0 || round <= rounds); ++round) {
    world.Play(MakeSchedule(seed + round - 1, s.steps));
    if (world.breach()) {
      std::cout << "seed " << seed << ", round " << round << ": " << world.Report();
      return 1;
    }
    Tell(round, world.counts());
  }
  return 0;
}

}  // namespace
}  // namespace tidemark::simulation

int main(int argc, char** argv) {
  using namespace tidemark::simulation;
  Settings settings;
  if (const std::optional<int> exit_code = Parse(settings, argc, argv)) return *exit_code;
  const std::vector<std::string> tokens = ReadTokens(settings.users);
  if (tokens.empty() || tokens.size() > kUsersMax) {
    std::cerr << settings.users << ": has to name 1 to " << kUsersMax << " users\n";
    return 2;
  }
  std::signal(SIGTERM, [](int) { told_to_end = 1; });
  return Run(settings, tokens);
}
