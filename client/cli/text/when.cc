#include "client/cli/text/when.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace tidemark::cli {
namespace {

int64_t RoundedUp(absl::Duration duration, absl::Duration unit) {
  return absl::ToInt64Seconds(absl::Ceil(duration, unit)) / absl::ToInt64Seconds(unit);
}

}  // namespace

std::string InWords(absl::Duration duration) {
  duration = std::max(duration, absl::ZeroDuration());
  if (duration <= absl::Seconds(90)) return absl::StrCat(RoundedUp(duration, absl::Seconds(1)), " s");
  if (duration <= absl::Minutes(90)) return absl::StrCat(RoundedUp(duration, absl::Minutes(1)), " min");
  if (duration <= absl::Hours(36)) return absl::StrCat(RoundedUp(duration, absl::Hours(1)), " h");
  return absl::StrCat(RoundedUp(duration, absl::Hours(24)), " days");
}

std::string Ago(UnixMillis then, UnixMillis now) {
  const absl::Duration past = absl::Milliseconds(now.value - then.value);
  return past < absl::Seconds(5) ? "just now" : absl::StrCat(InWords(past), " ago");
}

std::string AtMinute(UnixMillis when, absl::TimeZone zone) {
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixMillis(when.value), zone);
}

}  // namespace tidemark::cli
