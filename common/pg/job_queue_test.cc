#include "common/pg/job_queue.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace tidemark::pg {
namespace {

// A job that leaves its name in `last` when it is done.
Job Named(std::string name, std::string& last, Rank rank = Rank::kWrite) {
  return {.work = nullptr, .done = [name, &last](absl::Status) { last = name; }, .rank = rank};
}

class JobQueueTest : public testing::Test {
 protected:
  bool Push(const std::string& name, Rank rank = Rank::kWrite) {
    Job job = Named(name, last_, rank);
    return queue_.Push(job);
  }
  // The name of the next job. There is one, or the queue is closed: then "".
  std::string Pop() {
    last_.clear();
    std::optional<Job> job = queue_.Pop();
    if (job.has_value()) job->done(absl::OkStatus());
    return last_;
  }

  JobQueue queue_{2, /*reads_max=*/1};
  std::string last_;
};

TEST_F(JobQueueTest, GivesTheOldestFirst) {
  Push("a");
  Push("b");
  EXPECT_EQ(Pop(), "a");
  EXPECT_EQ(Pop(), "b");
}

TEST_F(JobQueueTest, RefusesOneMoreThanItHolds) {
  EXPECT_TRUE(Push("a"));
  EXPECT_TRUE(Push("b"));
  EXPECT_FALSE(Push("c"));
  Pop();
  EXPECT_TRUE(Push("c"));
}

TEST_F(JobQueueTest, AsItFillsReadsAreRefusedBeforeWrites) {
  EXPECT_TRUE(Push("read", Rank::kRead));
  EXPECT_FALSE(Push("another read", Rank::kRead));
  EXPECT_TRUE(Push("write"));
  EXPECT_FALSE(Push("another write"));
  EXPECT_EQ(Pop(), "read");
  EXPECT_FALSE(Push("another read", Rank::kRead)) << "a write waits";
  EXPECT_EQ(Pop(), "write");
  EXPECT_TRUE(Push("another read", Rank::kRead));
}

TEST_F(JobQueueTest, ARefusedJobIsLeftToItsOwner) {
  Push("a");
  Push("b");
  Job refused = Named("c", last_);
  ASSERT_FALSE(queue_.Push(refused));
  refused.done(absl::OkStatus());
  EXPECT_EQ(last_, "c");
}

TEST_F(JobQueueTest, AJobGivenBackIsNextAgainEvenWhenFull) {
  Push("a");
  Push("b");
  std::optional<Job> a = queue_.Pop();
  Push("c");
  queue_.PutBack(*std::move(a));
  EXPECT_EQ(Pop(), "a");
  EXPECT_EQ(Pop(), "b");
  EXPECT_EQ(Pop(), "c");
}

TEST_F(JobQueueTest, GivesOutWhatIsQueuedAlsoAfterClosing) {
  Push("a");
  queue_.Close();
  EXPECT_EQ(Pop(), "a");
  EXPECT_EQ(Pop(), "");
  EXPECT_TRUE(queue_.closed());
}

TEST_F(JobQueueTest, ClosingEndsEveryWait) {
  std::thread popper([&] { EXPECT_FALSE(queue_.Pop().has_value()); });
  std::thread rester([&] { queue_.Rest(absl::InfiniteDuration()); });
  queue_.Close();
  popper.join();
  rester.join();
}

}  // namespace
}  // namespace tidemark::pg
