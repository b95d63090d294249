// Requests and answers as they travel over gRPC: what services/sync/transport/convert.h does, seen from a
// device.
#pragma once

#include <vector>

#include "services/sync/domain/types.h"
#include "tests/simulation/requests.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::simulation {

v1::CheckRequest ToProto(const CheckRequest& request);
v1::SyncRequest ToProto(const sync::SyncRequest& request);
v1::SyncV1Request ToProto(const sync::SyncV1Request& request);

// Of a head, an ETag tells all but purged_through.
sync::CheckAnswer FromProto(const v1::CheckResponse& response);
sync::SyncAnswer FromProto(const v1::SyncResponse& response);
V1Answer FromProto(const v1::SyncV1Response& response);
std::vector<sync::HistoryEntry> FromProto(const v1::GetHistoryResponse& response);

}  // namespace tidemark::simulation
