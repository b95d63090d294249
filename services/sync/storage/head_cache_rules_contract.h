// Every HeadCache does to a key what head_cache_rules.h says, in any order of steps. A test file of a cache
// includes this and instantiates HeadCacheRulesContract.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "services/sync/storage/head_cache_contract.h"
#include "services/sync/storage/head_cache_rules.h"

namespace tidemark::sync {

// Takes random steps with one key of a cache, and the same with the rules.
class WalkByTheRules {
 public:
  WalkByTheRules(HeadCacheUnderTest& cache, CacheSpace space, UserId user, unsigned seed)
      : cache_(cache), space_(std::move(space)), user_(std::move(user)), dice_(seed) {}

  void TakeStep() {
    switch (Roll(9)) {
      case 0:
      case 1:
        return Read();
      case 2:
        return Fill();
      case 3:
      case 4:
        return Fence();
      case 5:
      case 6:
        return Publish();
      case 7:
        return Unfence();
      case 8:
        return Roll(4) == 0 ? Lose() : Warm();
    }
  }

  // What differs is told with all that was done.
  void Read() {
    const CacheRead read = cache_.Read(space_, user_);
    const CacheRead expected = head_cache_rules::Read(key_, warmth_, read.lease.value_or("expected"));
    Told("read");
    EXPECT_EQ(read.head, expected.head) << told_;
    EXPECT_EQ(read.lease.has_value(), expected.lease.has_value()) << told_;
    if (read.lease) leases_.push_back(*read.lease);
  }

 private:
  using Warmth = head_cache_rules::Warmth;

  int Roll(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }
  Head RollHead() { return HeadAt(8 + Roll(5)); }
  // Of the last three.
  const std::string* Pick(const std::vector<std::string>& tokens) {
    if (tokens.empty()) return nullptr;
    return &tokens[tokens.size() - 1 -
                   static_cast<std::size_t>(Roll(std::min<int>(3, static_cast<int>(tokens.size()))))];
  }
  void Told(const std::string& step) { told_ += (told_.empty() ? "" : ", ") + step; }

  void Fill() {
    const std::string* lease = Pick(leases_);
    if (!lease) return;
    const Head head = RollHead();
    Told("fill " + std::to_string(head.high_water.value) + " by " + *lease);
    cache_.Fill(space_, user_, *lease, head);
    head_cache_rules::Fill(key_, *lease, head);
  }

  void Fence() {
    const FenceLeaves leaves = Roll(4) == 0 ? FenceLeaves::kNothing : FenceLeaves::kTheHead;
    owners_.push_back(cache_.Fence(space_, user_, leaves).value_or(""));
    Told((leaves == FenceLeaves::kNothing ? "fence to leave nothing: " : "fence: ") + owners_.back());
    head_cache_rules::PutFence(key_, warmth_, owners_.back(), leaves);
  }

  void Publish() {
    const std::string* owner = Pick(owners_);
    if (!owner) return;
    const Head head = RollHead();
    Told("publish " + std::to_string(head.high_water.value) + " by " + *owner);
    cache_.Publish(space_, user_, *owner, head);
    head_cache_rules::Publish(key_, *owner, head);
  }

  void Unfence() {
    const std::string* owner = Pick(owners_);
    if (!owner) return;
    Told("unfence by " + *owner);
    cache_.Unfence(space_, user_, *owner);
    head_cache_rules::Unfence(key_, *owner);
  }

  void Lose() {
    Told("lose");
    cache_.Lose(space_, user_);
    key_ = head_cache_rules::Nothing();
    warmth_ = Warmth::kCold;
  }

  // A loss is noticed by the first who comes.
  void Warm() {
    Read();
    Told("warm");
    cache_.Warm(space_);
    warmth_ = Warmth::kWarm;
  }

  HeadCacheUnderTest& cache_;
  const CacheSpace space_;
  const UserId user_;
  std::mt19937 dice_;
  head_cache_rules::Content key_;
  Warmth warmth_ = Warmth::kCold;
  std::vector<std::string> leases_;
  std::vector<std::string> owners_;
  std::string told_;
};

class HeadCacheRulesContract : public HeadCacheContract {
 protected:
  HeadCacheRulesContract() : HeadCacheContract(absl::Hours(1)) {}
};

TEST_P(HeadCacheRulesContract, AnyStepsDoWhatTheRulesSay) {
  constexpr unsigned kWalks = 200;
  constexpr int kSteps = 30;
  for (unsigned seed = 0; seed < kWalks && !HasFailure(); ++seed) {
    WalkByTheRules walk(*cache_, {Epoch(NewName()), 1}, NewUser(), seed);
    for (int step = 0; step < kSteps; ++step) walk.TakeStep();
    walk.Read();
  }
}

}  // namespace tidemark::sync
