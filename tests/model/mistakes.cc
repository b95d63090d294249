#include "tests/model/mistakes.h"

namespace tidemark::model {
namespace {

constexpr PlantedMistake kPlanted[] = {
    {Mistake::kFillComparesNothing, "a fill does not compare the lease", 10},
    {Mistake::kFenceOfTheLatestAlone, "a fence belongs to the latest push alone", 11},
    {Mistake::kPublishUnderAnothersFence, "a push whose fence was lost publishes under another's", 18,
     kNeverStale, 3},
    {Mistake::kPublishReplacesANewerHead, "a late publish replaces a newer head", 13},
    {Mistake::kPublishLeavesTheFence, "a publish leaves its fence", 10, kFenceGoes},
    {Mistake::kUnfenceTakesTheWholeFence, "a rollback takes the fence of all", 15},
    {Mistake::kRefusedPushGoesOnUnguarded, "a push that is refused its fence goes on without", 10},
    {Mistake::kOffPushPutsNoFence, "a push of a cache that is off for the day puts no fence", 10, kNeverStale,
     2, 1},
    {Mistake::kNobodyWaitsForOldReadings, "a push does not wait until all have read the generation", 11},
    {Mistake::kGenerationIsNotSeenInTheTransaction, "a push's transaction does not see the generation", 15},
    {Mistake::kSuspensionKeepsTheGeneration, "a suspension keeps the generation", 13},
    {Mistake::kFenceUnderASuspensionLeavesTheHead, "a fence put under a suspension leaves its head", 16},
    {Mistake::kLostCacheIsWarm, "a lost cache is filled at once", 11},
    {Mistake::kColdForLessThanAPush, "a lost cache is cold for less than a push takes", 12},
    {Mistake::kColdForGood, "a lost cache stays cold", 8, kCacheAnswers},
    {Mistake::kSuspendedForLessThanAPush, "a suspension ends while a push goes by it", 15},
    {Mistake::kFenceForLessThanAPush, "a fence expires before its push is over", 11},
};

}  // namespace

std::span<const PlantedMistake> PlantedMistakes() { return kPlanted; }

}  // namespace tidemark::model
