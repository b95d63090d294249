#include "common/async/both.h"

#include <gtest/gtest.h>

#include <string>

#include "common/async/event_loops.h"

namespace tidemark {
namespace {

class BothTest : public testing::Test {
 protected:
  // Waits for `other` to have begun, and says so of itself before.
  static Task<int> NumberBeside(bool* begun, const bool* other, int number) {
    *begun = true;
    while (!*other) co_await Sleep(absl::ZeroDuration());
    co_return number;
  }
  static Task<std::string> TextBeside(bool* begun, const bool* other, std::string text) {
    *begun = true;
    while (!*other) co_await Sleep(absl::ZeroDuration());
    co_return text;
  }

  template <typename First, typename Second>
  std::pair<First, Second> Run(std::function<Task<First>()> first, std::function<Task<Second>()> second) {
    return RunBlocking<std::pair<First, Second>>(loops_.at(0), [&] { return Both(first(), second()); });
  }

  EventLoops loops_{1};
  bool first_ = false;
  bool second_ = false;
};

TEST_F(BothTest, EachRunsWhileTheOtherWaits) {
  const auto both = Run<int, std::string>([this] { return NumberBeside(&first_, &second_, 7); },
                                          [this] { return TextBeside(&second_, &first_, "text"); });
  EXPECT_EQ(both.first, 7);
  EXPECT_EQ(both.second, "text");
}

TEST_F(BothTest, TheSecondIsWaitedFor) {
  const bool yes = true;
  const auto late = [&]() -> Task<std::string> {
    for (int turn = 0; turn < 3; ++turn) co_await Sleep(absl::ZeroDuration());
    co_return "text";
  };
  const auto both = Run<int, std::string>([&] { return NumberBeside(&first_, &yes, 7); }, late);
  EXPECT_EQ(both.second, "text");
}

TEST_F(BothTest, TheFirstIsWaitedFor) {
  const bool yes = true;
  const auto both = Run<int, std::string>([this] { return NumberBeside(&first_, &second_, 7); },
                                          [&] { return TextBeside(&second_, &yes, "text"); });
  EXPECT_EQ(both.first, 7);
}

}  // namespace
}  // namespace tidemark
