// Mistakes that can be planted in the model, to see that it would find them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "tests/model/state.h"

namespace tidemark::model {

// The laws, as they are told when they are broken.
inline constexpr std::string_view kNeverStale =
    "an answer is never older than what was committed when its request began";
inline constexpr std::string_view kFenceGoes = "where nothing failed, the last push takes the fence away";
inline constexpr std::string_view kCacheAnswers = "when all is quiet, the cache comes to answer";

enum class Mistake {
  kNone,
  // In the rules of one key.
  kFillComparesNothing,
  kFenceOfTheLatestAlone,
  kPublishUnderAnothersFence,
  kPublishReplacesANewerHead,
  kPublishLeavesTheFence,
  kUnfenceTakesTheWholeFence,
  // In what surrounds them.
  kRefusedPushGoesOnUnguarded,
  kOffPushPutsNoFence,
  kNobodyWaitsForOldReadings,
  kGenerationIsNotSeenInTheTransaction,
  kSuspensionKeepsTheGeneration,
  kFenceUnderASuspensionLeavesTheHead,
  kLostCacheIsWarm,
  kColdForLessThanAPush,
  kColdForGood,
  kSuspendedForLessThanAPush,
  kFenceForLessThanAPush,
};

struct PlantedMistake {
  Mistake mistake;
  std::string_view name;
  // Of the shortest way to break its law with so many pushes.
  std::size_t steps;
  std::string_view law = kNeverStale;
  Small pushes = 2;
  Small off_fences = 0;
};

std::span<const PlantedMistake> PlantedMistakes();

}  // namespace tidemark::model
