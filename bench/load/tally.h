// What a run has measured.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "bench/load/latencies.h"
#include "bench/load/plan.h"

namespace tidemark::bench {

struct Tally {
  // Of those that count and were answered as they should be.
  Latencies latencies;
  int64_t bytes_sent = 0;
  int64_t bytes_received = 0;
  int64_t tasks = 0;
  int64_t body_bytes = 0;

  int64_t errors = 0;
  int64_t warmup_requests = 0;
  // From when requests counted, and when the last of them was answered.
  Time began{};
  Time ended{};

  void Add(const Tally& other);
};

// A run as its caller names it.
struct RunName {
  std::string work;
  std::string transport;
  bool is_open_loop = false;
  int connections = 0;
};

// One line of JSON, without its end.
std::string ToJson(const RunName& name, const Tally& tally);

// Shows the first few errors on standard error. Thread-safe.
class Complaints {
 public:
  void Say(const std::string& error);

 private:
  std::atomic<int> said_{0};
};

}  // namespace tidemark::bench
