#include "common/mutex/mutex.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace tidemark {
namespace {

TEST(Mutex, LetsOneAtATimeIn) {
  Mutex mutex;
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 10'000; ++j) {
        MutexLock lock(&mutex);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 40'000);
}

TEST(CondVar, AWaitSeesWhatWasChangedBeforeTheNotice) {
  Mutex mutex;
  CondVar changed;
  int value = 0;
  std::thread writer([&] {
    MutexLock lock(&mutex);
    value = 42;
    changed.NotifyAll();
  });
  {
    MutexLock lock(&mutex);
    while (value == 0) changed.Wait(mutex);
    EXPECT_EQ(value, 42);
  }
  writer.join();
}

TEST(CondVar, AWaitEndsAtItsDeadline) {
  Mutex mutex;
  CondVar never;
  const CondVar::Deadline deadline = CondVar::In(absl::Milliseconds(5));
  MutexLock lock(&mutex);
  while (never.WaitUntil(mutex, deadline)) {
  }
  EXPECT_GE(std::chrono::steady_clock::now(), deadline);
}

TEST(CondVar, AnInfinitePatienceIsADeadlineToCome) {
  EXPECT_GT(CondVar::In(absl::InfiniteDuration()), std::chrono::steady_clock::now() + std::chrono::hours(1));
}

}  // namespace
}  // namespace tidemark
