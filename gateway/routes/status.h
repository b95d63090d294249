// GET /status, a page of how the service is, for operators (gateway/http/operators.h); its files under
// /status/; and GET /status.json, what it shows.
#pragma once

#include "common/clock/clock.h"
#include "common/vitals/vitals.h"
#include "gateway/http/operators.h"
#include "gateway/http/router.h"
#include "gateway/http/static_files.h"
#include "gateway/http/traffic.h"

namespace tidemark::gateway {

// The page and its files by their paths, for AddStatusRoutes.
StaticFiles StatusFiles();

struct StatusSources {
  const Operators& operators;
  const vitals::Vitals& vitals;
  const Traffic& traffic;
  const Clock& clock;
  const StaticFiles& page;
};

// What `sources` refers to outlives the router. No request waits for another process.
void AddStatusRoutes(Router& router, const StatusSources& sources);

// The body of /status.json.
std::string EncodeStatus(const v1::GetStatusResponse& status, const Traffic& traffic, UnixMillis now);

}  // namespace tidemark::gateway
