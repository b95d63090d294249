// GET /status.json: what the processes tell of themselves.
#pragma once

#include "gateway/json/writer.h"
#include "tidemark/v1/status.pb.h"

namespace tidemark::gateway {

// "processes", "cache_tiers" and "quota", into an open object. The quota is null where nobody told it.
void WriteStatusMembers(JsonWriter& json, const v1::GetStatusResponse& status);

}  // namespace tidemark::gateway
