#include "client/manager/schedule_keeper.h"

#include <cstdint>
#include <cstring>

namespace tidemark::client {
namespace {

constexpr const char* kNote = "schedule";

Protocol ProtocolOf(Generation generation) {
  return generation == Generation::kV1 ? Protocol::kV1 : Protocol::kFinal;
}

}  // namespace

double DrawFrom(Random& random) {
  uint64_t bits = 0;
  const std::string bytes = random.Bytes(sizeof bits);
  std::memcpy(&bits, bytes.data(), sizeof bits);
  // As many as a double has.
  return static_cast<double>(bits >> 11) / static_cast<double>(uint64_t{1} << 53);
}

ScheduleKeeper::ScheduleKeeper(LocalStore& store, const ScheduleSettings& settings, Generation generation,
                               Random& random)
    : store_(store), schedule_(settings, ProtocolOf(generation), [&random] { return DrawFrom(random); }) {}

absl::Status ScheduleKeeper::Tell(const Event& event, UnixMillis now) {
  return store_.Write([&](Transaction& tx) {
    TellWithin(tx, event, now);
    return absl::OkStatus();
  });
}

void ScheduleKeeper::TellHere(const Event& event, UnixMillis now) {
  MutexLock lock(&mutex_);
  schedule_.On(event, now);
}

void ScheduleKeeper::TellWithin(Transaction& tx, const Event& event, UnixMillis now) {
  const std::string stored = tx.GetNote(kNote);
  std::string saved;
  {
    MutexLock lock(&mutex_);
    Load(stored);
    schedule_.On(event, now);
    saved = schedule_.Save();
  }
  if (saved != stored) tx.PutNote(kNote, saved);
}

absl::Status ScheduleKeeper::Refresh() {
  return store_.Read([&](Transaction& tx) {
    const std::string stored = tx.GetNote(kNote);
    MutexLock lock(&mutex_);
    Load(stored);
    return absl::OkStatus();
  });
}

ScheduleKeeper::View ScheduleKeeper::view() const {
  MutexLock lock(&mutex_);
  return {.next = schedule_.Next(),
          .state = schedule_.state(),
          .since = schedule_.state_since(),
          .message = std::string(schedule_.message()),
          .logged_out = schedule_.is_logged_out()};
}

void ScheduleKeeper::Load(const std::string& saved) {
  if (saved.empty()) return;
  // What cannot be read is begun anew: at worst that is a sync too many.
  schedule_.Load(saved).IgnoreError();
}

}  // namespace tidemark::client
