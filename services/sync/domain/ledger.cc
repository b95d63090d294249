#include "services/sync/domain/ledger.h"

#include <algorithm>
#include <utility>

#include "services/sync/domain/stable_hash.h"

namespace tidemark::sync {
namespace {

struct AddValue {
  StableHash& hash;
  void operator()(const std::string& text) const { hash.Add(text); }
  void operator()(bool flag) const { hash.Add(int64_t{flag}); }
  void operator()(UnixMillis time) const { hash.Add(time.value); }
};

}  // namespace

uint64_t HashOf(const Change& change) {
  StableHash hash;
  hash.Add(change.id.value());
  hash.Add(change.updated_at.value);
  for (Field field : kFields) {
    const std::optional<FieldValue>& value = change.fields[field];
    hash.Add(int64_t{value.has_value()});
    if (value) std::visit(AddValue{hash}, *value);
  }
  return hash.value();
}

Delivery DeviceLedger::Recognise(const Change& change) const {
  if (*change.mutation > highest) return Delivery::kNew;
  const auto known = std::find_if(applied.begin(), applied.end(),
                                  [&](const AppliedMutation& entry) { return entry.id == *change.mutation; });
  return known != applied.end() && known->hash == HashOf(change) ? Delivery::kRetry : Delivery::kForked;
}

std::string DeviceLedger::RejectedAs(const Change& change) const {
  for (const AppliedMutation& entry : applied) {
    if (entry.id == *change.mutation) return entry.rejected;
  }
  return "";
}

void DeviceLedger::Record(const Change& change, std::string rejected) {
  highest = *change.mutation;
  applied.push_back({*change.mutation, HashOf(change), std::move(rejected)});
  if (applied.size() > kAppliedMax) applied.erase(applied.begin());
}

void DeviceLedger::Forget(MutationId acked) {
  std::erase_if(applied, [&](const AppliedMutation& entry) { return entry.id <= acked; });
}

}  // namespace tidemark::sync
