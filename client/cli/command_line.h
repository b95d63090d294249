// The grammar of the command, and its help.
#pragma once

#include <optional>

#include "client/cli/arguments.h"
#include "client/cli/exit.h"

namespace tidemark::cli {

struct CommandLine {
  Arguments args = {};
  // Set: all is done, such as printing help or a completion script.
  std::optional<Exit> over = {};
};

CommandLine Parse(int argc, const char* const* argv);

}  // namespace tidemark::cli
