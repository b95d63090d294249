#include "client/domain/schedule/activity.h"

#include <algorithm>
#include <charconv>

namespace tidemark::client {

void NoteEdit(MaybeTime& changed, UnixMillis now) { changed = std::max(changed, MaybeTime(now)); }

void NoteEtag(MaybeTime& changed, std::string_view etag, UnixMillis now) {
  const size_t begin = etag.find('-');
  const size_t end = begin == std::string_view::npos ? begin : etag.find('-', begin + 1);
  if (end == std::string_view::npos) return;
  const std::string_view last_mod = etag.substr(begin + 1, end - begin - 1);
  int64_t stamp = 0;
  const auto [stop, error] = std::from_chars(last_mod.data(), last_mod.data() + last_mod.size(), stamp);
  if (error != std::errc() || stop != last_mod.data() + last_mod.size() || stamp <= 0) return;
  changed = std::max(changed, MaybeTime(std::min(UnixMillis{stamp}, now)));
}

bool IsActiveAt(const MaybeTime& changed, absl::Duration inactive_after, UnixMillis at) {
  return changed && at.value - changed->value <= absl::ToInt64Milliseconds(inactive_after);
}

}  // namespace tidemark::client
