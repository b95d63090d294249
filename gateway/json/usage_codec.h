// GET /usage: message → JSON.
//
//   {"buckets":[{"policy":"sync","remaining":9,"limit":10,"reset_after":14400,"window":144000}, …],
//    "quota":{"state":"open","day":1735689600000,"reset_after":43200,"cache_off":false,
//             "budgets":[{"resource":"requests","used":5210,"budget":100000}, …]},
//    "limits":{"body_bytes_max":2097152,"changes_max":1000, …}}
//
// A budget of null is unlimited. Members are as in proto/tidemark/v1/sync.proto, but for the sizes of
// requests, which HTTP bounds in its own way.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/json/writer.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

// What the gateway takes.
struct HttpLimits {
  int64_t body_bytes_max = 0;
  int64_t header_bytes_max = 0;
};

// What is "quota" above.
void WriteQuota(const v1::QuotaUsage& quota, JsonWriter& json);

std::string EncodeUsage(const v1::GetUsageResponse& response, const HttpLimits& http);

}  // namespace tidemark::gateway
