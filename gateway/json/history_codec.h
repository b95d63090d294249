// GET /tasks/{id}/history: message → JSON (SPEC 5.5).
#pragma once

#include <string>

#include "gateway/json/writer.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

std::string EncodeHistory(const v1::GetHistoryResponse& response);

// The elements alone, into an open array.
void WriteHistoryEntries(JsonWriter& json, const v1::GetHistoryResponse& response);

}  // namespace tidemark::gateway
