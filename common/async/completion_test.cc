#include "common/async/completion.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/async/event_loops.h"

namespace tidemark {
namespace {

// No default constructor, no copy: what a Completion must be able to carry.
struct Parcel {
  explicit Parcel(std::string words) : text(std::move(words)) {}
  Parcel(Parcel&&) = default;
  Parcel& operator=(Parcel&&) = default;
  std::string text;
};

TEST(Await, ReturnsWhatAnotherThreadCompletesWithAndResumesOnItsOwnLoop) {
  EventLoops loops(2);
  std::thread worker;
  const bool same_loop = RunBlocking<bool>(loops.at(1), [&]() -> Task<bool> {
    EventLoop* before = EventLoop::Current();
    int value =
        co_await Await<int>([&](Completion<int> done) { worker = std::thread([done] { done(42); }); });
    co_return value == 42 && EventLoop::Current() == before;
  });
  worker.join();
  EXPECT_TRUE(same_loop);
}

TEST(Await, TakesACompletionThatIsCalledAtOnce) {
  EventLoops loops(1);
  const int sum = RunBlocking<int>(loops.at(0), []() -> Task<int> {
    int total = 0;
    for (int i = 0; i < 10'000; ++i) {
      total += co_await Await<int>([](Completion<int> done) { done(1); });
    }
    co_return total;
  });
  EXPECT_EQ(sum, 10'000);
}

TEST(Await, CarriesValuesThatCanOnlyBeMoved) {
  EventLoops loops(1);
  const std::string text = RunBlocking<std::string>(loops.at(0), []() -> Task<std::string> {
    Parcel parcel = co_await Await<Parcel>([](Completion<Parcel> done) { done(Parcel("moved")); });
    co_return parcel.text;
  });
  EXPECT_EQ(text, "moved");
}

TEST(Await, DoesNotHoldUpOtherTasksOfTheLoop) {
  EventLoops loops(1);
  Completion<int> finish;
  std::promise<int> answer;
  Spawn(loops.at(0), [&]() -> Task<void> {
    int value = co_await Await<int>([&](Completion<int> done) { finish = done; });
    answer.set_value(value);
  });
  RunBlocking<void>(loops.at(0), [&]() -> Task<void> {
    finish(7);
    co_return;
  });
  EXPECT_EQ(answer.get_future().get(), 7);
}

TEST(Await, DropsATaskThatIsNeverCompletedWhenItsLoopEnds) {
  auto held = std::make_shared<int>(1);
  Completion<int> never;
  {
    EventLoops loops(1);
    Spawn(loops.at(0), [&never, held]() -> Task<void> {
      co_await Await<int>([&](Completion<int> done) { never = std::move(done); });
    });
    RunBlocking<void>(loops.at(0), []() -> Task<void> { co_return; });
    never = nullptr;
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Await, ManyThreadsCompleteManyTasks) {
  constexpr int kTasks = 2'000;
  EventLoops loops(2);
  std::vector<std::thread> workers;
  std::atomic<int> finished = 0;
  std::promise<void> all;
  for (int w = 0; w < 4; ++w) {
    workers.emplace_back([&, w] {
      for (int i = w; i < kTasks; i += 4) {
        Spawn(loops.Next(), [&, i]() -> Task<void> {
          int echoed = co_await Await<int>([i](Completion<int> done) { done(i); });
          EXPECT_EQ(echoed, i);
          if (++finished == kTasks) all.set_value();
        });
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  all.get_future().get();
}

}  // namespace
}  // namespace tidemark
