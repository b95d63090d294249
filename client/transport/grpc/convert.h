// Between proto messages and the client's types. No rules live here.
#pragma once

#include "client/domain/protocol.h"
#include "client/transport/sync_transport.h"
#include "tidemark/v1/auth.pb.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::client {

v1::CheckRequest ToProto(const CheckAsk& ask);
v1::SyncRequest ToProto(const SyncAsk& ask);
v1::SyncV1Request ToProto(const V1Ask& ask);

CheckAnswer FromProto(const v1::CheckResponse& message);
Page FromProto(const v1::SyncResponse& message);
// Adds one part of a V1 answer to what came before.
void AddPart(const v1::SyncV1Response& message, V1Page& page);
std::vector<HistoryEntry> FromProto(const v1::GetHistoryResponse& message);
std::vector<DeviceStatus> FromProto(const v1::ListDevicesResponse& message);
Usage FromProto(const v1::GetUsageResponse& message);
Tokens FromProto(const v1::Tokens& message);
std::vector<SessionInfo> FromProto(const v1::ListSessionsResponse& message);

}  // namespace tidemark::client
