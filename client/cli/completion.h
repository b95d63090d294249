// Completion scripts for shells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace tidemark::cli {

struct Completable {
  std::string name = {};
  std::string summary = {};
  // "--all", …
  std::vector<std::string> options = {};
  // kTask: one id, and then words. Of the others, ids that are there already are not offered again.
  enum class What { kNothing, kTask, kTasks, kOpen, kDone, kDeleted, kConflicts, kFiles, kShells };
  What what = What::kNothing;
};

// kInvalidArgument: `shell` is neither bash, zsh nor fish.
absl::StatusOr<std::string> CompletionScript(std::string_view shell,
                                             const std::vector<Completable>& commands);

}  // namespace tidemark::cli
