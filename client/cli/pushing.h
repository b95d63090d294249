// After an edit: it is stored; now it is sent, if that can be done at once.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/context.h"

namespace tidemark::cli {

// Says what became of `tasks`, such as "added", and of the sending. An edit that could not be sent is no
// error.
absl::StatusOr<Exit> SayEdited(Context& context, const std::string& did,
                               const std::vector<client::Task>& tasks);

struct Pushed {
  bool sent = false;
  // For a person. Empty: there is nothing to say.
  std::string remark = {};
};
// Waits at most `patience`.
Pushed Push(Context& context, absl::Duration patience);

// What a sync told that the person has to know. Empty: nothing.
std::string RemarkOn(const client::RunEnd& end);

}  // namespace tidemark::cli
