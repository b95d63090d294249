#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/log/writer.h"

namespace tidemark::log {
namespace {

class LogWriter : public testing::Test {
 protected:
  LogWriter() : stream_(std::fopen(path_.c_str(), "w")) {}
  ~LogWriter() override { std::fclose(stream_); }

  std::string Written() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const std::string path_ =
      testing::TempDir() + "log-writer-" + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::FILE* stream_;
};

TEST_F(LogWriter, WritesWithoutBeingAsked) {
  Writer writer(stream_);
  writer.Add("first\n");
  writer.Add("second\n");
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (Written() != "first\nsecond\n" && absl::Now() < give_up) std::this_thread::yield();
  EXPECT_EQ(Written(), "first\nsecond\n");
}

TEST_F(LogWriter, HasWrittenAllWhenAFlushReturns) {
  Writer writer(stream_);
  writer.Add("line\n");
  writer.Flush();
  EXPECT_EQ(Written(), "line\n");
}

TEST_F(LogWriter, HasWrittenAllWhenItIsGone) {
  {
    Writer writer(stream_);
    writer.Add("line\n");
  }
  EXPECT_EQ(Written(), "line\n");
}

TEST_F(LogWriter, KeepsTheOrderOfEachThreadsLinesAndLosesNone) {
  constexpr int kThreads = 4;
  constexpr int kLines = 2000;
  {
    Writer writer(stream_);
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&writer, thread] {
        for (int line = 0; line < kLines; ++line) {
          writer.Add(std::to_string(thread) + ' ' + std::to_string(line) + '\n');
          if (line % 100 == 0) writer.Flush();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  std::ifstream file(path_);
  std::vector<int> next(kThreads, 0);
  int thread = 0;
  int line = 0;
  while (file >> thread >> line) EXPECT_EQ(line, next[thread]++);
  EXPECT_EQ(next, std::vector<int>(kThreads, kLines));
}

}  // namespace
}  // namespace tidemark::log
