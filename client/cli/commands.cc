#include "client/cli/commands.h"

#include <algorithm>
#include <iterator>

namespace tidemark::cli {

const Command* FindCommand(std::string_view name) {
  static constexpr Command kCommands[] = {
      {"register", Register, Asked::kService},
      {"login", Login, Asked::kService},
      {"logout", Logout, Asked::kStore},
      {"add", Add, Asked::kStore},
      {"ls", List, Asked::kStore},
      {"edit", EditText, Asked::kStore},
      {"done", MarkDone, Asked::kStore},
      {"undone", MarkUndone, Asked::kStore},
      {"pin", Pin, Asked::kStore},
      {"unpin", Unpin, Asked::kStore},
      {"rm", Remove, Asked::kStore},
      {"restore", RestoreDeleted, Asked::kStore},
      {"history", History, Asked::kService},
      {"conflicts", Conflicts, Asked::kStore},
      {"sync", Sync, Asked::kService},
      {"watch", Watch, Asked::kStore},
      {"status", Status, Asked::kStore},
      {"devices", Devices, Asked::kService},
      {"agree", Agree, Asked::kStore},
      {"refuse", Refuse, Asked::kStore},
      {"export", Export, Asked::kStore},
      {"import", Import, Asked::kStore},
      {"complete-ids", Ids, Asked::kStore},
  };
  const auto* found = std::find_if(std::begin(kCommands), std::end(kCommands),
                                   [&](const Command& c) { return c.name == name; });
  return found == std::end(kCommands) ? nullptr : found;
}

}  // namespace tidemark::cli
