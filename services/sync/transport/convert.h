// Between proto messages and the engine's types. No rules live here.
#pragma once

#include "services/sync/engine/requests.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::sync {

// True if no field but if_none_match is set: an empty POST /sync (SPEC 3.3).
bool IsCheck(const v1::SyncRequest& request);

SyncRequest FromProto(const v1::SyncRequest& request);
SyncRequest FromProto(const v1::PullRequest& request);
SyncV1Request FromProto(const v1::SyncV1Request& request);

v1::SyncResponse ToProto(SyncAnswer answer);
v1::SyncV1Response ToProto(const SyncV1Part& part);
v1::WatchResponse ToProto(const Head& head);
v1::GetUsageResponse ToProto(const UsageAnswer& answer);
v1::ExportResponse ToProto(const ExportPart& part);
void ToProto(const ratelimit::Today& today, v1::QuotaUsage& message);
void ToProto(const HistoryEntry& entry, v1::HistoryEntry& message);
void ToProto(const DeviceStatus& device, v1::Device& message);

}  // namespace tidemark::sync
