// What a command works with.
#pragma once

#include "client/cli/arguments.h"
#include "client/cli/console.h"
#include "client/cli/exit.h"
#include "client/cli/home.h"
#include "client/sync_manager.h"

namespace tidemark::cli {

struct Context {
  const Arguments& args;
  const Home& home;
  Console& console;
  client::SyncManager& manager;
};

}  // namespace tidemark::cli
