#include "services/ratelimit/domain/policy.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tidemark::ratelimit {
namespace {

constexpr size_t kNameBytesMax = 64;

bool IsNameCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }

absl::Status CheckName(const std::string& name) {
  if (!name.empty() && name.size() <= kNameBytesMax &&
      std::all_of(name.begin(), name.end(), IsNameCharacter)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("a name is 1 to ", kNameBytesMax, " of a-z 0-9 _"));
}

absl::Status CheckKind(const TokenBucket& bucket) {
  if (bucket.capacity < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("capacity is ", bucket.capacity, ", at least 1 is needed"));
  }
  if (bucket.refill_interval < absl::Milliseconds(1)) {
    return absl::InvalidArgumentError(absl::StrCat("refill_interval_ms is ",
                                                   absl::ToInt64Milliseconds(bucket.refill_interval),
                                                   ", at least 1 is needed"));
  }
  // Divided, because the product could be more than a Duration holds.
  if (bucket.capacity > kWindowMax / bucket.refill_interval) {
    return absl::InvalidArgumentError("capacity times refill_interval_ms is more than a hundred years");
  }
  return absl::OkStatus();
}

absl::Status CheckKind(const DailyCounter& counter) {
  if (counter.limit < 1) {
    return absl::InvalidArgumentError(absl::StrCat("limit is ", counter.limit, ", at least 1 is needed"));
  }
  if (counter.limit > absl::ToInt64Milliseconds(kWindowMax)) {
    return absl::InvalidArgumentError(absl::StrCat("limit is ", counter.limit, ", at most ",
                                                   absl::ToInt64Milliseconds(kWindowMax), " is possible"));
  }
  return absl::OkStatus();
}

absl::Status Check(const Policy& policy) {
  if (absl::Status name = CheckName(policy.name); !name.ok()) return name;
  return std::visit([](const auto& kind) { return CheckKind(kind); }, policy.kind);
}

}  // namespace

int64_t LimitOf(const TokenBucket& kind) { return kind.capacity; }
int64_t LimitOf(const DailyCounter& kind) { return kind.limit; }
int64_t LimitOf(const Policy& policy) {
  return std::visit([](const auto& kind) { return LimitOf(kind); }, policy.kind);
}

absl::Duration WindowOf(const TokenBucket& kind) { return kind.capacity * kind.refill_interval; }
absl::Duration WindowOf(const DailyCounter&) { return kDay; }
absl::Duration WindowOf(const Policy& policy) {
  return std::visit([](const auto& kind) { return WindowOf(kind); }, policy.kind);
}

absl::Status PolicySet::Add(Policy policy) {
  if (absl::Status checked = Check(policy); !checked.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("policy \"", policy.name, "\": ", checked.message()));
  }
  std::string name = policy.name;
  if (!policies_.try_emplace(name, std::move(policy)).second) {
    return absl::InvalidArgumentError(absl::StrCat("policy \"", name, "\" is there already"));
  }
  return absl::OkStatus();
}

const Policy* PolicySet::Find(std::string_view name) const {
  auto found = policies_.find(name);
  return found == policies_.end() ? nullptr : &found->second;
}

}  // namespace tidemark::ratelimit
