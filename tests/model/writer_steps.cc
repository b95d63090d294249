// A push as engine/heads.cc does it: reads the generation, puts its guard, locks the head and looks whether
// the guard holds, commits or rolls back, publishes or unfences.
#include "tests/model/stepping.h"

namespace tidemark::model {
namespace {

namespace rules = sync::head_cache_rules;
using sync::FenceLeaves;
using At = Writer::At;

class WriterSteps {
 public:
  WriterSteps(Stepping& stepping, std::size_t i)
      : stepping_(stepping), now_(stepping.now()), i_(i), writer_(now_.writers[i]) {}

  void Add() {
    AddLiving();
    if (writer_.at == At::kIdle || now_.budget.crashes == 0) return;
    State& next = Next("dies", {});
    --next.budget.crashes;
  }

 private:
  void AddLiving() {
    switch (writer_.at) {
      case At::kIdle:
        return Begin();
      case At::kToGuard:
        return PutGuard();
      case At::kToSuspend:
        return Suspend();
      case At::kToLock:
        return Lock();
      case At::kLocked:
        return CommitOrRollBack();
      case At::kToPublish:
        return Publish();
      case At::kToUnfence:
        return Unfence();
    }
  }

  bool Has(Mistake mistake) const { return stepping_.Has(mistake); }

  State& Next(std::string_view what, const Writer& writer) {
    static constexpr std::string_view kNames[kWriters] = {"writer 1", "writer 2"};
    State& next = stepping_.Add(kNames[i_], what).to;
    next.writers[i_] = writer;
    return next;
  }

  Writer With(At at) const {
    Writer writer = writer_;
    writer.at = at;
    return writer;
  }

  void Begin() {
    if (now_.budget.pushes == 0) return;
    --Next("begins", {.at = At::kToGuard, .reading = stepping_.Newest()}).budget.pushes;
    if (!now_.is_young) return;
    --Next("begins by an old reading", {.at = At::kToGuard, .reading = stepping_.Old()}).budget.pushes;
  }

  void PutGuard() {
    if (MustSettle()) return;
    if (writer_.reading.is_suspended) Next("goes without a fence", With(At::kToLock));
    PutFence("puts its fence");
    if (now_.budget.off_fences > 0) PutOffFence();
    if (now_.budget.refusals == 0) return;
    const At refused = Has(Mistake::kRefusedPushGoesOnUnguarded) ? At::kToLock : At::kToSuspend;
    State& not_told = PutFence("puts its fence and is not told");
    not_told.writers[i_] = With(refused);
    --not_told.budget.refusals;
    --Next("is refused its fence", With(refused)).budget.refusals;
  }

  void PutOffFence() {
    State& next = Has(Mistake::kOffPushPutsNoFence)
                      ? Next("puts no fence, as its cache is off", With(At::kToLock))
                      : PutFence("puts a fence that leaves nothing, as its cache is off", /*is_off=*/true);
    --next.budget.off_fences;
  }

  State& PutFence(std::string_view what, bool is_off = false) {
    const Small token = stepping_.FreeToken();
    Writer fenced = With(At::kToLock);
    fenced.fence = static_cast<Small>(token + 1);
    State& next = Next(what, fenced);
    const bool leaves_nothing =
        is_off || (writer_.reading.is_suspended && !Has(Mistake::kFenceUnderASuspensionLeavesTheHead));
    Apply(next, writer_.reading.generation, [&](rules::Content& key, rules::Warmth warmth) {
      if (Has(Mistake::kFenceOfTheLatestAlone)) key = rules::Nothing();
      rules::PutFence(key, warmth, TokenName(token),
                      leaves_nothing ? FenceLeaves::kNothing : FenceLeaves::kTheHead);
    });
    return next;
  }

  // What is suspended for long enough nobody has used since the generation was raised.
  void Suspend() {
    State& next = Next("suspends the cache", {});
    if (now_.suspension != Suspension::kLong && !Has(Mistake::kSuspensionKeepsTheGeneration)) {
      ++next.generation;
      next.is_young = true;
      next.was_suspended = now_.suspension != Suspension::kOver;
    }
    next.suspension = Suspension::kLong;
    next.writers[i_] = {.at = At::kToLock, .reading = {.generation = next.generation, .is_suspended = true}};
  }

  void Lock() {
    for (const Writer& other : now_.writers) {
      if (other.at == At::kLocked) return;
    }
    if (!writer_.fence && MustSettle()) return;
    if (GuardHolds()) {
      Next("locks the head", With(At::kLocked));
    } else if (writer_.fence) {
      Writer again = With(At::kToUnfence);
      again.goes_again = true;
      Next("sees that its guard does not hold", again);
    } else {
      Next("sees that its guard does not hold", {.at = At::kToGuard, .reading = stepping_.Newest()});
    }
  }

  bool GuardHolds() const {
    if (Has(Mistake::kGenerationIsNotSeenInTheTransaction)) return true;
    if (Has(Mistake::kRefusedPushGoesOnUnguarded) && !writer_.reading.is_suspended) return true;
    if (Has(Mistake::kOffPushPutsNoFence) && !writer_.reading.is_suspended) return true;
    if (writer_.reading.generation != now_.generation || MustSettle()) return false;
    return writer_.fence || now_.suspension == Suspension::kLong;
  }

  void CommitOrRollBack() {
    Writer committed;
    if (writer_.fence) {
      committed = {.at = At::kToPublish, .reading = writer_.reading, .fence = writer_.fence};
      committed.head = static_cast<Small>(now_.head + 1);
    }
    ++Next("commits", committed).head;
    Next("rolls back", writer_.fence ? With(At::kToUnfence) : Writer());
  }

  void Publish() {
    if (now_.budget.refusals > 0) --Next("is refused its publish", {}).budget.refusals;
    Apply(Next("publishes", {}), writer_.reading.generation, [&](rules::Content& key, rules::Warmth) {
      const sync::Head head = HeadOf(writer_.head);
      if (!PublishedByMistake(key, head)) rules::Publish(key, Owner(), head);
    });
  }

  bool PublishedByMistake(rules::Content& key, const sync::Head& head) const {
    if (Has(Mistake::kPublishReplacesANewerHead) && std::holds_alternative<sync::Head>(key)) {
      key = head;
      return true;
    }
    auto* fence = std::get_if<rules::Fence>(&key);
    if (!fence) return false;
    const bool is_anothers = !fence->owners.contains(Owner());
    if (is_anothers && Has(Mistake::kPublishUnderAnothersFence)) {
      if (!fence->newest || fence->newest->high_water < head.high_water) fence->newest = head;
      return true;
    }
    return Has(Mistake::kPublishLeavesTheFence) || (is_anothers && Has(Mistake::kFenceOfTheLatestAlone));
  }

  void Unfence() {
    Writer then;
    if (writer_.goes_again) then = {.at = At::kToGuard, .reading = stepping_.Newest()};
    Apply(Next("unfences", then), writer_.reading.generation, [&](rules::Content& key, rules::Warmth) {
      const bool takes_all = Has(Mistake::kUnfenceTakesTheWholeFence);
      if (takes_all && std::holds_alternative<rules::Fence>(key)) key = rules::Nothing();
      rules::Unfence(key, Owner());
    });
  }

  std::string Owner() const { return TokenName(static_cast<Small>(writer_.fence - 1)); }

  // Who has read a young generation waits until everybody has.
  bool MustSettle() const {
    return now_.is_young && writer_.reading.generation == now_.generation &&
           !Has(Mistake::kNobodyWaitsForOldReadings);
  }

  Stepping& stepping_;
  const State& now_;
  const std::size_t i_;
  const Writer& writer_;
};

}  // namespace

void AddWriterSteps(Stepping& stepping, std::size_t writer) { WriterSteps(stepping, writer).Add(); }

}  // namespace tidemark::model
