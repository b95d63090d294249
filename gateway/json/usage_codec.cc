#include "gateway/json/usage_codec.h"

namespace tidemark::gateway {
namespace {

void Write(const v1::BucketUsage& bucket, JsonWriter& json) {
  json.BeginObject().Key("policy").Text(bucket.policy());
  json.Key("remaining").Integer(bucket.remaining()).Key("limit").Integer(bucket.limit());
  json.Key("reset_after").Integer(bucket.reset_after()).Key("window").Integer(bucket.window()).EndObject();
}

void Write(const v1::BudgetUsage& budget, JsonWriter& json) {
  json.BeginObject().Key("resource").Text(budget.resource()).Key("used").Integer(budget.used());
  json.Key("budget");
  budget.has_budget() ? json.Integer(budget.budget()) : json.Null();
  json.EndObject();
}

void Write(const v1::Limits& limits, const HttpLimits& http, JsonWriter& json) {
  json.BeginObject().Key("body_bytes_max").Integer(http.body_bytes_max);
  json.Key("header_bytes_max").Integer(http.header_bytes_max);
  json.Key("changes_max").Integer(limits.changes_max());
  json.Key("devices_per_request_max").Integer(limits.devices_per_request_max());
  json.Key("task_id_bytes_max").Integer(limits.task_id_bytes_max());
  json.Key("device_id_bytes_max").Integer(limits.device_id_bytes_max());
  json.Key("content_bytes_max").Integer(limits.content_bytes_max());
  json.Key("version_ahead_max").Integer(limits.version_ahead_max());
  json.Key("time_max").Integer(limits.time_max());
  json.Key("page_entries_max").Integer(limits.page_entries_max());
  json.Key("page_bytes_max").Integer(limits.page_bytes_max());
  json.Key("streams_max").Integer(limits.streams_max());
  json.Key("history_entries_max").Integer(limits.history_entries_max());
  json.Key("history_days").Integer(limits.history_days()).EndObject();
}

}  // namespace

void WriteQuota(const v1::QuotaUsage& quota, JsonWriter& json) {
  json.BeginObject().Key("state").Text(quota.state()).Key("day").Integer(quota.day());
  json.Key("reset_after").Integer(quota.reset_after()).Key("cache_off").Flag(quota.cache_off());
  json.Key("budgets").BeginArray();
  for (const v1::BudgetUsage& budget : quota.budgets()) Write(budget, json);
  json.EndArray().EndObject();
}

std::string EncodeUsage(const v1::GetUsageResponse& response, const HttpLimits& http) {
  JsonWriter json;
  json.BeginObject().Key("buckets").BeginArray();
  for (const v1::BucketUsage& bucket : response.buckets()) Write(bucket, json);
  json.EndArray().Key("quota");
  WriteQuota(response.quota(), json);
  json.Key("limits");
  Write(response.limits(), http, json);
  json.EndObject();
  return std::move(json).Take();
}

}  // namespace tidemark::gateway
