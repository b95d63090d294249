#include "client/domain/self_check.h"

#include <charconv>

namespace tidemark::client {
namespace {

// Takes a number off the front of `text`.
std::optional<int64_t> TakeNumber(std::string_view& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || text.empty() || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool TakeDash(std::string_view& text) {
  if (!text.starts_with('-')) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<Totals> ParseEtag(std::string_view etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  const auto count = TakeNumber(etag);
  if (!count || !TakeDash(etag) || !TakeNumber(etag) || !TakeDash(etag)) return std::nullopt;
  const auto sum = TakeNumber(etag);
  if (!sum || !etag.empty()) return std::nullopt;
  return Totals{.count = *count, .version_sum = *sum};
}

bool MayHeal(const Replica& replica, UnixMillis now) {
  const int64_t since_healed = now.value - replica.healed_at.value;
  // A clock that was set back must not put the healing off for as long.
  return replica.healed_at.value == 0 || since_healed < 0 ||
         since_healed >= absl::ToInt64Milliseconds(kHealingInterval);
}

std::optional<Difference> SelfCheck(const Replica& replica, std::string_view etag, UnixMillis now) {
  const std::optional<Totals> server = ParseEtag(etag);
  const Totals here{.count = replica.live_count, .version_sum = replica.version_sum};
  if (!server || *server == here) return std::nullopt;
  return Difference{.here = here, .server = *server, .heals = MayHeal(replica, now)};
}

void StartOver(Replica& replica) {
  replica.cursor = {0};
  replica.etag.clear();
  replica.series.reset();
}

}  // namespace tidemark::client
