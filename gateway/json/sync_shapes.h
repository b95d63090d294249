// The JSON of sync.proto's messages (SPEC 3.3, 3.6, 4, 5.5). For the .cc files of this folder, and for tests.
#pragma once

#include "gateway/json/sync_codec.h"
#include "gateway/json/task_shapes.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

template <>
inline constexpr std::array kNames<v1::FullResyncReason> = {
    EnumName<v1::FullResyncReason>{v1::FULL_RESYNC_REASON_PURGED, "purged"},
    EnumName<v1::FullResyncReason>{v1::FULL_RESYNC_REASON_REWOUND, "rewound"},
};

// if_none_match is the header. An object without any member is a check, so that no changes are no member.
template <>
inline constexpr auto kShape<v1::SyncRequest> = ShapeOf<v1::SyncRequest>(
    TIDEMARK_JSON(last_sync), TIDEMARK_JSON(epoch), TIDEMARK_JSON(device_id), TIDEMARK_JSON(acked),
    TIDEMARK_JSON(client_time), TIDEMARK_JSON(limit), TIDEMARK_JSON(page),
    TIDEMARK_JSON(changes).AtMost<kChangesMax>().If([](const auto& request) {
      return request.changes_size() > 0;
    }));

// Without the quotes that only the header wants.
inline std::string_view UnquotedEtag(const v1::SyncResponse& response) {
  const std::string_view etag = response.etag();
  if (etag.size() < 2 || etag.front() != '"' || etag.back() != '"') return etag;
  return etag.substr(1, etag.size() - 2);
}

template <>
inline constexpr auto kShape<v1::SyncResponse> = ShapeOf<v1::SyncResponse>(
    TIDEMARK_JSON(updates), TIDEMARK_JSON(deleted), TIDEMARK_JSON(conflicts), TIDEMARK_JSON(rejected),
    TIDEMARK_JSON(server_time), TIDEMARK_JSON(epoch),
    TIDEMARK_JSON(etag).From([](const auto& response) { return UnquotedEtag(response); }),
    TIDEMARK_JSON(has_more), TIDEMARK_JSON(page).If([](const auto& response) { return response.has_more(); }),
    TIDEMARK_JSON(full_resync),
    TIDEMARK_JSON(full_resync_reason).If([](const auto& response) { return response.full_resync(); }),
    TIDEMARK_JSON(pull_deferred).If([](const auto& response) { return response.pull_deferred(); }),
    TIDEMARK_JSON(retry_after).Always().If([](const auto& response) { return response.pull_deferred(); }),
    TIDEMARK_JSON(next_sync_in), TIDEMARK_JSON(not_modified));

template <>
inline constexpr auto kShape<v1::SyncV1Request> = ShapeOf<v1::SyncV1Request>(
    TIDEMARK_JSON(last_sync), TIDEMARK_JSON(changes).As(kFullChange).AtMost<kChangesMax>());

// The answer's updates are written as they come, the rest at its end.
inline constexpr auto kV1Updates = TIDEMARK_JSON(updates).As(kFullTask);
inline constexpr auto kV1Conflicts = TIDEMARK_JSON(conflicts);
inline constexpr auto kV1ServerTime = TIDEMARK_JSON(server_time);
inline constexpr auto kV1FullResync =
    TIDEMARK_JSON(full_resync).If([](const auto& response) { return response.full_resync(); });
inline constexpr auto kV1AfterUpdates =
    ShapeOf<v1::SyncV1Response>(kV1Conflicts, kV1ServerTime, kV1FullResync);
template <>
inline constexpr auto kShape<v1::SyncV1Response> = ShapeOf<v1::SyncV1Response>(kV1Updates, kV1Conflicts,
                                                                               kV1ServerTime, kV1FullResync);

template <>
inline constexpr auto kShape<v1::Device> = ShapeOf<v1::Device>(TIDEMARK_JSON(device_id),
                                                               TIDEMARK_JSON(last_seen),
                                                               TIDEMARK_JSON(cursor),
                                                               TIDEMARK_JSON(up_to_date),
                                                               TIDEMARK_JSON(changes_behind));

template <>
inline constexpr auto kShape<v1::ListDevicesResponse> =
    ShapeOf<v1::ListDevicesResponse>(TIDEMARK_JSON(devices));

inline constexpr auto kHistoryId = TIDEMARK_JSON(id);
inline constexpr auto kHistoryEntries = TIDEMARK_JSON(history);
template <>
inline constexpr auto kShape<v1::GetHistoryResponse> = ShapeOf<v1::GetHistoryResponse>(kHistoryId,
                                                                                       kHistoryEntries);

inline constexpr auto kExportTasks = TIDEMARK_JSON(tasks).As(kFullTask);
inline constexpr auto kExportHistories = TIDEMARK_JSON(histories);
template <>
inline constexpr auto kShape<v1::ExportResponse> = ShapeOf<v1::ExportResponse>(kExportTasks,
                                                                               kExportHistories);

template <>
inline constexpr auto kShape<v1::BucketUsage> = ShapeOf<v1::BucketUsage>(TIDEMARK_JSON(policy),
                                                                         TIDEMARK_JSON(remaining),
                                                                         TIDEMARK_JSON(limit),
                                                                         TIDEMARK_JSON(reset_after),
                                                                         TIDEMARK_JSON(window));

// A budget of null is unlimited.
template <>
inline constexpr auto kShape<v1::BudgetUsage> = ShapeOf<v1::BudgetUsage>(
    TIDEMARK_JSON(resource), TIDEMARK_JSON(used), TIDEMARK_JSON(budget).NullIfAbsent());

template <>
inline constexpr auto kShape<v1::QuotaUsage> = ShapeOf<v1::QuotaUsage>(TIDEMARK_JSON(state),
                                                                       TIDEMARK_JSON(day),
                                                                       TIDEMARK_JSON(reset_after),
                                                                       TIDEMARK_JSON(cache_off),
                                                                       TIDEMARK_JSON(budgets));

// Without message_bytes_max: HTTP bounds requests in its own way.
template <>
inline constexpr auto kShape<v1::Limits> = ShapeOf<v1::Limits>(
    TIDEMARK_JSON(changes_max), TIDEMARK_JSON(devices_per_request_max), TIDEMARK_JSON(task_id_bytes_max),
    TIDEMARK_JSON(device_id_bytes_max), TIDEMARK_JSON(content_bytes_max), TIDEMARK_JSON(version_ahead_max),
    TIDEMARK_JSON(time_max), TIDEMARK_JSON(page_entries_max), TIDEMARK_JSON(page_bytes_max),
    TIDEMARK_JSON(streams_max), TIDEMARK_JSON(history_entries_max), TIDEMARK_JSON(history_days));

// The limits are written together with those of HTTP.
inline constexpr auto kUsageBuckets = TIDEMARK_JSON(buckets);
inline constexpr auto kUsageQuota = TIDEMARK_JSON(quota);
inline constexpr auto kUsageLimits = TIDEMARK_JSON(limits);
inline constexpr auto kUsageBeforeLimits = ShapeOf<v1::GetUsageResponse>(kUsageBuckets, kUsageQuota);
template <>
inline constexpr auto kShape<v1::GetUsageResponse> = ShapeOf<v1::GetUsageResponse>(kUsageBuckets, kUsageQuota,
                                                                                   kUsageLimits);

}  // namespace tidemark::gateway
