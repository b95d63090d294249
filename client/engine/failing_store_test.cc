// A store whose transactions fail, and processes that die between them: what was committed is all there is,
// and it is enough to go on.
#include "client/engine/test_server.h"

namespace tidemark::client {
namespace {

// Fails chosen writes after their work is done, as a full disk does.
class FailingStore : public LocalStore {
 public:
  explicit FailingStore(LocalStore& store) : store_(store) {}

  void FailNext() { fails_ = true; }
  absl::Status Write(Body body) override {
    return store_.Write([&](Transaction& tx) {
      absl::Status status = body(tx);
      if (std::exchange(fails_, false)) status = absl::UnavailableError("no room");
      return status;
    });
  }
  absl::Status Read(Body body) override { return store_.Read(body); }
  absl::StatusOr<int64_t> Revision() override { return store_.Revision(); }

 private:
  LocalStore& store_;
  bool fails_ = false;
};

class FailingStoreTest : public ExchangeTest {
 protected:
  FailingStore failing_{store_};
  Exchange device_{failing_, random_, {}};
};

TEST_F(FailingStoreTest, NothingIsAskedThatCouldNotBeFrozen) {
  Add("t", "milk");
  failing_.FailNext();
  EXPECT_EQ(device_.Begin({}, now_).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(state("t").sent);
  EXPECT_EQ(replica().last_number.value, 0);
}

TEST_F(FailingStoreTest, AnAnswerThatCouldNotBeStoredIsAsIfItHadNotCome) {
  Add("t", "milk");
  const auto first = device_.Begin({}, now_);
  failing_.FailNext();
  EXPECT_FALSE(device_.Take(AnswerAt(100), now_).ok());
  EXPECT_EQ(replica().cursor.value, 0);
  const auto again = device_.Begin({}, now_);
  EXPECT_EQ(std::get<Ask>(*again), std::get<Ask>(*first));
}

TEST_F(FailingStoreTest, ADecisionThatCouldNotBeStoredIsNotMade) {
  PulledMany(20, 90);
  Page page = AnswerAt(100);
  for (int i = 0; i < 15; ++i) page.deleted.emplace_back("t" + std::to_string(i));
  BeginSync({.may_check = false});
  Ends(page);
  failing_.FailNext();
  EXPECT_FALSE(AgreeToMassChange(failing_, now_).ok());
  EXPECT_TRUE(replica().held);
  EXPECT_THAT(Contents(), testing::SizeIs(20));
}

}  // namespace
}  // namespace tidemark::client
