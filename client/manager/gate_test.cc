#include "client/manager/gate.h"

#include <gtest/gtest.h>

#include <thread>

namespace tidemark::client {
namespace {

TEST(Gate, LetsOneInAtATime) {
  Gate gate("");
  Cancellation cancellation;
  {
    absl::StatusOr<Gate::Pass> pass = gate.Enter(absl::Seconds(1), cancellation);
    ASSERT_TRUE(pass.ok());
    EXPECT_FALSE(*gate.TryEnter());
    EXPECT_TRUE(absl::IsDeadlineExceeded(gate.Enter(absl::Milliseconds(5), cancellation).status()));
  }
  EXPECT_TRUE(*gate.TryEnter());
}

TEST(Gate, IsOneForAllWhoNameTheFile) {
  const std::string path = testing::TempDir() + "gate_test.lock";
  Gate one(path);
  Gate other(path);
  Cancellation cancellation;
  {
    absl::StatusOr<Gate::Pass> pass = one.Enter(absl::Seconds(1), cancellation);
    ASSERT_TRUE(pass.ok());
    EXPECT_FALSE(*other.TryEnter());
  }
  EXPECT_TRUE(*other.TryEnter());
}

TEST(Gate, LetsTheNextInWhenItIsFree) {
  Gate gate("");
  Cancellation cancellation;
  std::optional<Gate::Pass> pass = *gate.TryEnter();
  ASSERT_TRUE(pass);
  std::thread leaves([pass = std::move(*pass)]() mutable { Gate::Pass gone = std::move(pass); });
  EXPECT_TRUE(gate.Enter(absl::Seconds(30), cancellation).ok());
  leaves.join();
}

TEST(Gate, LetsThoseGoWhoWaitWhenTheyAreCancelled) {
  Gate gate("");
  Cancellation cancellation;
  const absl::StatusOr<std::optional<Gate::Pass>> pass = gate.TryEnter();
  std::thread cancels([&] { cancellation.Cancel(); });
  EXPECT_TRUE(absl::IsCancelled(gate.Enter(absl::Seconds(30), cancellation).status()));
  cancels.join();
}

TEST(Gate, TellsThatItsFileCannotBe) {
  Gate gate("/nowhere/at/all");
  EXPECT_FALSE(gate.TryEnter().ok());
  EXPECT_FALSE(gate.TryEnter().ok());
}

}  // namespace
}  // namespace tidemark::client
