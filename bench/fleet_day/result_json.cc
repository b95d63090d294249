#include "bench/fleet_day/result_json.h"

#include <boost/json.hpp>
#include <functional>

namespace tidemark::fleet {
namespace {

namespace json = boost::json;
using ratelimit::DayCounts;
using ratelimit::Resource;

constexpr int64_t kMillisPerSecond = 1'000;
constexpr int64_t kSecondsOfDay = 24 * 3'600;
// What a process of the auth service reads when nobody asks it anything: revocations once a second, and the
// signing keys each ten (services/auth/main.cc, engine/key_ring.h).
constexpr int64_t kAuthReadsPerDay = kSecondsOfDay + kSecondsOfDay / 10;

json::object ByService(const Totals& totals) {
  const auto sync = [&](Resource resource) { return totals.sync[resource]; };
  return {{"sync",
           {{"requests", sync(Resource::kRequests)},
            {"database_reads", sync(Resource::kDatabaseReads) - totals.data_set_reads - totals.purge.reads},
            {"database_writes", sync(Resource::kDatabaseWrites) - totals.purge.writes}}},
          {"auth",
           {{"requests", totals.auth[Resource::kRequests]},
            {"database_reads", totals.auth[Resource::kDatabaseReads]},
            {"database_writes", totals.auth[Resource::kDatabaseWrites]},
            {"refreshes", totals.lanes.asked.refreshes},
            {"logins", totals.lanes.asked.logins},
            {"bytes_sent", totals.lanes.asked.auth_bytes_sent},
            {"bytes_received", totals.lanes.asked.auth_bytes_received}}},
          {"data_set", {{"database_reads", totals.data_set_reads}}},
          {"purge", {{"database_reads", totals.purge.reads}, {"database_writes", totals.purge.writes}}}};
}

json::object CountsOf(const Result& result) {
  const Totals& totals = result.totals;
  const DayCounts all = totals.all();
  const LaneCounts& lanes = totals.lanes;
  const TransportCounts& asked = lanes.asked;
  const Judgement& judgement = result.judgement;
  return {{"requests", all[Resource::kRequests]},
          {"syncs", lanes.syncs()},
          {"checks", asked.checks},
          {"not_modified", lanes.syncs_not_modified},
          {"pushes", asked.pushes},
          {"pulls", asked.pulls},
          {"database_reads", all[Resource::kDatabaseReads]},
          {"database_writes", all[Resource::kDatabaseWrites]},
          {"cache_reads", all[Resource::kCacheReads]},
          {"cache_writes", all[Resource::kCacheWrites]},
          {"head_cache_hits", lanes.head_cache_hits},
          {"head_cache_misses", lanes.head_cache_misses},
          {"answered_without_database", asked.answered_without_database},
          {"bytes_sent", asked.bytes_sent},
          {"bytes_received", asked.bytes_received},
          {"edits_made", judgement.edits},
          {"edits_stored", judgement.stored},
          {"edits_replaced", judgement.replaced},
          {"edits_lost", judgement.lost},
          {"edits_rejected", judgement.rejected},
          {"edits_waiting_at_end", result.edits_waiting},
          {"devices_out_of_step", judgement.devices_out_of_step},
          {"conflicts", judgement.conflicts},
          {"rate_limited", asked.rate_limited},
          {"read_paused", asked.read_paused},
          {"quota_exhausted", asked.quota_exhausted},
          {"deferred_pulls", lanes.deferred_pulls},
          {"errors", asked.errors}};
}

json::array SeriesOf(const Result& result, const std::function<int64_t(const Totals&)>& value) {
  json::array series;
  for (const Totals& window : result.windows) series.emplace_back(value(window));
  return series;
}

json::object AllSeries(const Result& result) {
  const auto of = [&result](Resource resource) {
    return SeriesOf(result, [resource](const Totals& window) { return window.all()[resource]; });
  };
  return {{"bucket_seconds", kWindowMillis / kMillisPerSecond},
          {"requests", of(Resource::kRequests)},
          {"syncs", SeriesOf(result, [](const Totals& window) { return window.lanes.syncs(); })},
          {"pushes", SeriesOf(result, [](const Totals& window) { return window.lanes.asked.pushes; })},
          {"database_reads", of(Resource::kDatabaseReads)},
          {"database_writes", of(Resource::kDatabaseWrites)},
          {"cache_reads", of(Resource::kCacheReads)},
          {"cache_writes", of(Resource::kCacheWrites)},
          {"edits", SeriesOf(result, [](const Totals& window) { return window.lanes.edits; })},
          {"not_modified",
           SeriesOf(result, [](const Totals& window) { return window.lanes.syncs_not_modified; })},
          {"queued_edits", SeriesOf(result, [](const Totals& window) { return window.lanes.queued; })}};
}

json::object TiersOf(const Result& result) {
  const LaneCounts& lanes = result.totals.lanes;
  return {{"active", {{"users", result.active_people}, {"syncs", lanes.syncs_active}}},
          {"inactive", {{"users", result.inactive_people}, {"syncs", lanes.syncs_inactive}}}};
}

}  // namespace

std::string ResultJson(const Settings& settings, const Scenario& scenario, const Result& result,
                       double real_seconds) {
  json::object text{
      {"scenario", scenario.name},
      {"seed", settings.seed},
      {"users", settings.users},
      {"days", scenario.days},
      {"devices_per_user", static_cast<double>(result.devices) / static_cast<double>(settings.users)},
      {"settings", json::parse(settings.text)},
      {"counts", CountsOf(result)},
      {"by_service", ByService(result.totals)},
      {"idle_database_reads", kAuthReadsPerDay * scenario.days},
      {"series", AllSeries(result)},
      {"per_tier", TiersOf(result)},
      {"real_seconds", real_seconds}};
  return json::serialize(text) + "\n";
}

}  // namespace tidemark::fleet
