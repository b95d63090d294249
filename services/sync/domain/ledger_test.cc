#include "services/sync/domain/ledger.h"

#include <gtest/gtest.h>

#include "services/sync/domain/test_edit.h"

namespace tidemark::sync {
namespace {

Edit Numbered(int64_t number) { return Edit().Number(number).At(10).Content("milk"); }

DeviceLedger After(std::initializer_list<Change> changes) {
  DeviceLedger ledger;
  for (const Change& change : changes) ledger.Record(change, "");
  return ledger;
}

TEST(Ledger, AHigherNumberIsNew) {
  EXPECT_EQ(DeviceLedger{}.Recognise(Numbered(1)), Delivery::kNew);
  EXPECT_EQ(After({Numbered(1)}).Recognise(Numbered(2)), Delivery::kNew);
}

TEST(Ledger, NumbersMayHaveGaps) { EXPECT_EQ(After({Numbered(1)}).Recognise(Numbered(17)), Delivery::kNew); }

TEST(Ledger, TheSameChangeAgainIsARetry) {
  const DeviceLedger ledger = After({Numbered(1), Numbered(2).Content("bread")});
  EXPECT_EQ(ledger.Recognise(Numbered(1)), Delivery::kRetry);
  EXPECT_EQ(ledger.Recognise(Numbered(2).Content("bread")), Delivery::kRetry);
}

TEST(Ledger, AnotherChangeUnderAUsedNumberIsAFork) {
  EXPECT_EQ(After({Numbered(1)}).Recognise(Numbered(1).Content("bread")), Delivery::kForked);
}

TEST(Ledger, ANumberInAGapThatWasNeverUsedIsAFork) {
  EXPECT_EQ(After({Numbered(1), Numbered(5)}).Recognise(Numbered(3)), Delivery::kForked);
}

TEST(Ledger, ARetryOfWhatTheDeviceSaidItHasAnAnswerToIsAFork) {
  DeviceLedger ledger = After({Numbered(1), Numbered(2)});
  ledger.Forget({1});
  EXPECT_EQ(ledger.Recognise(Numbered(1)), Delivery::kForked);
  EXPECT_EQ(ledger.Recognise(Numbered(2)), Delivery::kRetry);
}

TEST(Ledger, ForgettingEverythingKeepsTheHighestNumber) {
  DeviceLedger ledger = After({Numbered(4)});
  ledger.Forget({100});
  EXPECT_TRUE(ledger.applied.empty());
  EXPECT_EQ(ledger.highest, MutationId{4});
  EXPECT_EQ(ledger.Recognise(Numbered(5)), Delivery::kNew);
}

TEST(Ledger, RemembersWhyAChangeWasRejected) {
  DeviceLedger ledger;
  ledger.Record(Numbered(1), "content_too_long");
  ledger.Record(Numbered(2), "");
  EXPECT_EQ(ledger.Recognise(Numbered(1)), Delivery::kRetry);
  EXPECT_EQ(ledger.RejectedAs(Numbered(1)), "content_too_long");
  EXPECT_EQ(ledger.RejectedAs(Numbered(2)), "");
}

TEST(Ledger, KeepsTheNewestTwoThousand) {
  DeviceLedger ledger;
  for (int64_t number = 1; number <= 2001; ++number) ledger.Record(Numbered(number), "");
  EXPECT_EQ(ledger.applied.size(), 2000u);
  EXPECT_EQ(ledger.Recognise(Numbered(1)), Delivery::kForked);
  EXPECT_EQ(ledger.Recognise(Numbered(2)), Delivery::kRetry);
}

// What makes another change of it: the id, which fields are given and with what, and updated_at.
TEST(LedgerHash, TellsApartWhatADeviceMayAskFor) {
  const Change changes[] = {
      Numbered(1),
      Edit("u").Number(1).At(10).Content("milk"),
      Numbered(1).At(11),
      Numbered(1).Content("bread"),
      Numbered(1).Content(""),
      Edit().Number(1).At(10),
      Numbered(1).Completed(true),
      Numbered(1).Completed(false),
      Numbered(1).Pinned(true),
      Numbered(1).Pinned(false),
      Numbered(1).Deleted(5),
      Numbered(1).Deleted(6),
      Numbered(1).Alive(),
  };
  for (std::size_t a = 0; a < std::size(changes); ++a) {
    for (std::size_t b = 0; b < a; ++b)
      EXPECT_NE(HashOf(changes[a]), HashOf(changes[b])) << a << " and " << b;
  }
}

TEST(LedgerHash, IgnoresWhatTheServerAdds) {
  EXPECT_EQ(HashOf(Numbered(1)), HashOf(Numbered(1).CorrectedTo(999)));
}

// It is stored: a build that hashes otherwise would take every retry for a fork.
TEST(LedgerHash, IsTheSameInEveryBuild) {
  EXPECT_EQ(HashOf(Numbered(1).Completed().Deleted(5)), 1660825729202639148u);
}

}  // namespace
}  // namespace tidemark::sync
