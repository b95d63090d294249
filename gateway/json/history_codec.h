// GET /tasks/{id}/history: message → JSON (SPEC 5.5).
#pragma once

#include <string>

#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

std::string EncodeHistory(const v1::GetHistoryResponse& response);

}  // namespace tidemark::gateway
