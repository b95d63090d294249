// What went otherwise than the person meant, and the keys that name it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/context.h"

namespace tidemark::cli {

struct Trouble {
  // Names it, as an id does a task.
  std::string key = {};
  std::variant<client::Conflict, client::Rejection> what = {};
};

absl::StatusOr<std::vector<Trouble>> AllTrouble(Context& context);
std::vector<std::string> ShortKeysOf(const std::vector<Trouble>& all);
// kNotFound: none begins so, or several do.
absl::StatusOr<Trouble> PickTrouble(const std::vector<Trouble>& all, const std::string& prefix);

// The task that it is about.
TaskId TaskOf(const Trouble& trouble);
// The value that was discarded or refused, in a few words.
std::string Summary(const Trouble& trouble);

}  // namespace tidemark::cli
