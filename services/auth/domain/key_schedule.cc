#include "services/auth/domain/key_schedule.h"

#include <algorithm>

namespace tidemark::auth {
namespace {

UnixMillis Plus(UnixMillis time, absl::Duration duration) {
  return {time.value + absl::ToInt64Milliseconds(duration)};
}

KeyPeriod PeriodFrom(UnixMillis start, int64_t number) {
  return {.number = number, .signs_from = start, .signs_until = Plus(start, kSigningPeriod)};
}

}  // namespace

std::optional<KeyPeriod> NextKeyDue(const std::vector<KeyPeriod>& periods, UnixMillis now) {
  if (periods.empty()) return PeriodFrom(now, 1);
  const KeyPeriod& newest = periods.back();
  if (Plus(now, kPublishingLead) < newest.signs_until) return std::nullopt;
  return PeriodFrom(std::max(now, newest.signs_until), newest.number + 1);
}

KeyPeriod PeriodOfRotation(const std::vector<KeyPeriod>& periods, UnixMillis now) {
  if (periods.empty()) return PeriodFrom(now, 1);
  return PeriodFrom(Plus(now, kRotationLead), periods.back().number + 1);
}

std::optional<size_t> SignerAt(const std::vector<KeyPeriod>& periods, UnixMillis now) {
  for (size_t i = periods.size(); i-- > 0;) {
    // The first key of all starts at once, also under a clock that is behind the one that made it.
    const bool started = periods[i].signs_from <= now || periods[i].number == 1;
    if (started && now < periods[i].signs_until) return i;
  }
  return std::nullopt;
}

bool IsPublished(const std::vector<KeyPeriod>& periods, size_t place, absl::Duration token_lifetime,
                 UnixMillis now) {
  UnixMillis until = periods[place].signs_until;
  // A rotation by hand may begin before the next key that was already made.
  for (size_t later = place + 1; later < periods.size(); ++later) {
    until = std::min(until, periods[later].signs_from);
  }
  return now < Plus(until, token_lifetime + kPublishingTail);
}

}  // namespace tidemark::auth
