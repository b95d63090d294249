// Which tasks are meant by the beginnings of ids that were typed.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/context.h"

namespace tidemark::cli {

enum class Among { kTasks, kDeleted };

// Each task once; an error if one of the prefixes names none. kNotFound: no task begins so, or several do;
// the message lists those.
absl::StatusOr<std::vector<client::Task>> Pick(Context& context, const std::vector<std::string>& prefixes,
                                               Among among);
absl::StatusOr<client::Task> PickOne(Context& context, const std::string& prefix, Among among);

// The shortest beginning of the id of `task` that names it now, among the deleted ones if it is one.
std::string ShortIdOf(Context& context, const client::Task& task);

}  // namespace tidemark::cli
