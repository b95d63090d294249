#include "common/rpc/address_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/async/test_eventually.h"
#include "common/mutex/mutex.h"

namespace tidemark::rpc {
namespace {

using Addresses = AddressFeed::Addresses;

// What is looked at, and what was told of it. The thread of a feed may still look when the feed has gone.
class Name {
 public:
  absl::StatusOr<Addresses> LookUp() {
    MutexLock lock(&mutex_);
    ++looks_;
    return has_;
  }
  void Become(absl::StatusOr<Addresses> has) {
    MutexLock lock(&mutex_);
    has_ = std::move(has);
  }
  void Take(const Addresses& addresses) {
    MutexLock lock(&mutex_);
    told_.push_back(addresses);
  }
  int looks() {
    MutexLock lock(&mutex_);
    return looks_;
  }
  std::vector<Addresses> told() {
    MutexLock lock(&mutex_);
    return told_;
  }

 private:
  Mutex mutex_;
  absl::StatusOr<Addresses> has_ ABSL_GUARDED_BY(mutex_) = Addresses{"a"};
  int looks_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Addresses> told_ ABSL_GUARDED_BY(mutex_);
};

class LookUpFeedTest : public testing::Test {
 protected:
  std::unique_ptr<AddressFeed> Follow(absl::Duration pause) {
    auto feed = NewLookUpFeed({.look_up = [name = name_] { return name->LookUp(); },
                               .name = "sync.example:1",
                               .pause = pause,
                               .pause_min = absl::ZeroDuration()});
    feed->Follow([name = name_](const Addresses& addresses) { name->Take(addresses); });
    return feed;
  }
  // Nobody waits for the next look, so only who asks for one gets it.
  std::unique_ptr<AddressFeed> FollowWhenAsked() {
    auto feed = Follow(absl::Hours(1));
    EXPECT_TRUE(Eventually([this] { return name_->told().size() == 1; }));
    return feed;
  }
  // Returns when two looks have begun since, and so one that sees what the name has by now has ended.
  void Look(AddressFeed& feed) {
    for (int i = 0; i < 2; ++i) {
      const int before = name_->looks();
      feed.LookAgain();
      EXPECT_TRUE(Eventually([&] { return name_->looks() > before; }));
    }
  }

  const std::shared_ptr<Name> name_ = std::make_shared<Name>();
};

TEST_F(LookUpFeedTest, TellsTheAddressesAndEachChangeOnce) {
  const auto feed = FollowWhenAsked();
  Look(*feed);
  name_->Become(Addresses{"a", "b"});
  Look(*feed);
  name_->Become(Addresses{"b"});
  Look(*feed);
  Look(*feed);
  EXPECT_EQ(name_->told(), (std::vector<Addresses>{{"a"}, {"a", "b"}, {"b"}}));
}

TEST_F(LookUpFeedTest, ALookThatFailsTakesNoAddressAway) {
  const auto feed = FollowWhenAsked();
  name_->Become(absl::UnavailableError("the DNS server is away"));
  Look(*feed);
  EXPECT_EQ(name_->told().size(), 1u);
  name_->Become(Addresses{"b"});
  Look(*feed);
  EXPECT_EQ(name_->told().back(), Addresses{"b"});
}

TEST_F(LookUpFeedTest, LooksAgainByItself) {
  const auto feed = Follow(absl::Milliseconds(1));
  EXPECT_TRUE(Eventually([this] { return name_->looks() > 3; }));
}

struct Slow {
  std::atomic<bool> begun{false};
  std::atomic<bool> may_end{false};
  std::atomic<bool> ended{false};
  std::atomic<int> told{0};
};

TEST(LookUpFeed, NobodyWaitsForALookThatHangsAndItsAnswerIsToldToNobody) {
  const auto slow = std::make_shared<Slow>();
  auto feed = NewLookUpFeed({.look_up = [slow]() -> absl::StatusOr<Addresses> {
                               slow->begun = true;
                               while (!slow->may_end) std::this_thread::yield();
                               slow->ended = true;
                               return Addresses{"a"};
                             },
                             .name = "sync.example:1"});
  feed->Follow([slow](const Addresses&) { ++slow->told; });
  EXPECT_TRUE(Eventually([&] { return slow->begun.load(); }));
  feed.reset();
  slow->may_end = true;
  // The thread lets go of it last of all.
  EXPECT_TRUE(Eventually([&] { return slow.use_count() == 1; }));
  EXPECT_TRUE(slow->ended);
  EXPECT_EQ(slow->told, 0);
}

std::vector<Addresses> FirstToldOf(const std::string& setting) {
  std::vector<Addresses> told;
  const auto feed = NewAddressFeed(setting);
  feed->Follow([&told](const Addresses& addresses) { told.push_back(addresses); });
  return told;
}

TEST(AddressFeed, AddressesThatAreWrittenOutAreToldAtOnce) {
  EXPECT_THAT(FirstToldOf("127.0.0.1:1,127.0.0.1:2"),
              testing::ElementsAre(testing::ElementsAre("ipv4:127.0.0.1:1", "ipv4:127.0.0.1:2")));
}

TEST(AddressFeed, OfANameThatGrpcAloneCanLookUpNothingIsTold) {
  EXPECT_TRUE(FirstToldOf("dns://192.0.2.1/sync.example:50051").empty());
}

TEST(AddressFeed, TheAddressesOfANameAreLookedUp) {
  Mutex mutex;
  Addresses addresses;
  const auto feed = NewAddressFeed("localhost:50051");
  feed->Follow([&](const Addresses& told) {
    MutexLock lock(&mutex);
    addresses = told;
  });
  EXPECT_TRUE(Eventually([&] {
    MutexLock lock(&mutex);
    return !addresses.empty();
  }));
  MutexLock lock(&mutex);
  EXPECT_THAT(addresses, testing::Each(testing::AnyOf("ipv4:127.0.0.1:50051", "ipv6:%5B::1%5D:50051")));
}

}  // namespace
}  // namespace tidemark::rpc
