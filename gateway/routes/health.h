// GET /livez and GET /readyz.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/http/router.h"

namespace tidemark::gateway {

// Whether this process wants work. Conditions are added at start; the rest is thread-safe.
class Readiness {
 public:
  // `holds` is not to block.
  void Require(std::string name, std::function<bool()> holds);
  // From now on not ready, for good.
  void Stop();
  // What keeps it from being ready, or nothing.
  std::vector<std::string> Missing() const;

 private:
  std::vector<std::pair<std::string, std::function<bool()>>> conditions_;
  std::atomic<bool> stopping_ = false;
};

// `readiness` outlives the router.
void AddHealthRoutes(Router& router, const Readiness& readiness);

}  // namespace tidemark::gateway
