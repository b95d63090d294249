// tidemark: a person's tasks on the command line (docs/command.md).
#include <cstdlib>

#include "client/cli/command_line.h"
#include "client/cli/commands.h"
#include "client/cli/json_text.h"

namespace tidemark::cli {
namespace {

Exit SayError(Console& console, const absl::Status& status, Exit exit, const Home& home) {
  const std::string explained = Explain(status, exit, {.server = home.server, .folder = home.folder});
  if (console.json()) {
    console.Remark(JsonObject().Add("error", NameOf(exit)).Add("message", explained).text());
  } else {
    console.Remark("tidemark: " + explained);
  }
  return exit;
}

absl::StatusOr<std::unique_ptr<client::SyncManager>> Open(const Home& home) {
  client::SyncOptions options;
  options.address = home.sync_address();
  options.auth_address = home.auth_address();
  options.ca_file = home.ca_file;
  options.store_path = home.store_path();
  auto manager = client::SyncManager::Open(std::move(options));
  // Of the ca_file: no task is meant.
  if (absl::IsNotFound(manager.status())) return absl::InvalidArgumentError(manager.status().message());
  return manager;
}

Exit Run(const Arguments& args) {
  Console console(args.json);
  const absl::StatusOr<Home> home = FindHome(args.server, args.ca_file, ProcessEnvironment);
  if (!home.ok()) return SayError(console, home.status(), Exit::kUsage, {});
  const auto manager = Open(*home);
  if (!manager.ok())
    return SayError(console, manager.status(), ExitOf(manager.status(), Asked::kStore), *home);
  const Command* command = FindCommand(args.command);
  Context context{.args = args, .home = *home, .console = console, .manager = **manager};
  const absl::StatusOr<Exit> exit = command->run(context);
  console.Flush();
  if (!exit.ok()) return SayError(console, exit.status(), ExitOf(exit.status(), command->asked), *home);
  if (!console.is_well())
    return SayError(console, absl::InternalError("cannot write to stdout"), Exit::kBroken, *home);
  return *exit;
}

int Main(int argc, char** argv) {
  // gRPC would write to the terminal of a person who is offline. Before its first use.
  ::setenv("GRPC_VERBOSITY", "NONE", 0);
  const CommandLine line = Parse(argc, argv);
  return static_cast<int>(line.over ? *line.over : Run(line.args));
}

}  // namespace
}  // namespace tidemark::cli

int main(int argc, char** argv) { return tidemark::cli::Main(argc, argv); }
