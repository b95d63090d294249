// The commands: one function each, in commands/. An error is told by whoever calls (exit.h).
#pragma once

#include <string_view>

#include "absl/status/statusor.h"
#include "client/cli/context.h"

namespace tidemark::cli {

// commands/account.cc
absl::StatusOr<Exit> Register(Context& context);
absl::StatusOr<Exit> Login(Context& context);
absl::StatusOr<Exit> Logout(Context& context);
// commands/add.cc, edit.cc
absl::StatusOr<Exit> Add(Context& context);
absl::StatusOr<Exit> EditText(Context& context);
// commands/mark.cc
absl::StatusOr<Exit> MarkDone(Context& context);
absl::StatusOr<Exit> MarkUndone(Context& context);
absl::StatusOr<Exit> Pin(Context& context);
absl::StatusOr<Exit> Unpin(Context& context);
// commands/remove.cc
absl::StatusOr<Exit> Remove(Context& context);
absl::StatusOr<Exit> RestoreDeleted(Context& context);
// commands/list.cc
absl::StatusOr<Exit> List(Context& context);
// commands/history.cc, devices.cc, conflicts.cc, mass_change.cc
absl::StatusOr<Exit> History(Context& context);
absl::StatusOr<Exit> Devices(Context& context);
absl::StatusOr<Exit> Conflicts(Context& context);
absl::StatusOr<Exit> Agree(Context& context);
absl::StatusOr<Exit> Refuse(Context& context);
// commands/sync.cc, watch.cc, status.cc
absl::StatusOr<Exit> Sync(Context& context);
absl::StatusOr<Exit> Watch(Context& context);
absl::StatusOr<Exit> Status(Context& context);
// commands/export.cc, import.cc
absl::StatusOr<Exit> Export(Context& context);
absl::StatusOr<Exit> Import(Context& context);
// commands/ids.cc: for the completion.
absl::StatusOr<Exit> Ids(Context& context);

struct Command {
  std::string_view name;
  absl::StatusOr<Exit> (*run)(Context&);
  Asked asked;
};

// Null: there is none of that name.
const Command* FindCommand(std::string_view name);

}  // namespace tidemark::cli
