#include <string>

#include "common/rpc/limits.h"
#include "common/status/error.h"
#include "services/sync/engine/engine.h"
#include "services/sync/transport/convert.h"

namespace tidemark::sync {
namespace {

using ratelimit::Resource;

int64_t WholeSeconds(absl::Duration duration) {
  return absl::ToInt64Seconds(absl::Ceil(duration, absl::Seconds(1)));
}

void ToProto(const UsageAnswer::Bucket& bucket, v1::BucketUsage& message) {
  message.set_policy(bucket.policy);
  message.set_remaining(bucket.seen.remaining);
  message.set_limit(bucket.seen.limit);
  message.set_reset_after(WholeSeconds(bucket.seen.reset_after));
  message.set_window(WholeSeconds(bucket.seen.window));
}

void TellLimits(v1::Limits& limits) {
  limits.set_message_bytes_max(rpc::kMessageBytesMax);
  limits.set_changes_max(kChangesMax);
  limits.set_devices_per_request_max(kWritersMax);
  limits.set_task_id_bytes_max(kTaskIdBytesMax);
  limits.set_device_id_bytes_max(kDeviceIdBytesMax);
  limits.set_content_bytes_max(kContentBytesMax);
  limits.set_version_ahead_max(kVersionLeadMax);
  limits.set_time_max(kUnixMillisMax);
  limits.set_page_entries_max(kPageEntriesMax);
  limits.set_page_bytes_max(kPageBytesMax);
  limits.set_streams_max(WatchHub::kStreamsMax);
  limits.set_history_entries_max(Engine::kHistoryEntriesMax);
  limits.set_history_days(kKeptMillis / kDayMillis);
}

}  // namespace

void ToProto(const ratelimit::Today& today, v1::QuotaUsage& message) {
  message.set_state(std::string(ratelimit::NameOf(today.state)));
  message.set_day(today.since.value);
  message.set_reset_after(WholeSeconds(today.reset_after));
  message.set_cache_off(today.cache_is_off);
  for (const Resource resource : ratelimit::kResources) {
    v1::BudgetUsage& budget = *message.add_budgets();
    budget.set_resource(std::string(ratelimit::NameOf(resource)));
    budget.set_used(today.used[resource]);
    if (today.budgets[resource]) budget.set_budget(*today.budgets[resource]);
  }
}

v1::GetUsageResponse ToProto(const UsageAnswer& answer) {
  v1::GetUsageResponse response;
  for (const UsageAnswer::Bucket& bucket : answer.buckets) ToProto(bucket, *response.add_buckets());
  ToProto(answer.today, *response.mutable_quota());
  TellLimits(*response.mutable_limits());
  return response;
}

}  // namespace tidemark::sync
