// tidemark: a person's tasks on the command line (docs/command.md).
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "client/cli/command_line.h"
#include "client/cli/commands.h"
#include "client/cli/json_text.h"

namespace tidemark::cli {
namespace {

Exit SayError(Console& console, const absl::Status& status, Exit exit, const Place& place) {
  const std::string explained = Explain(status, exit, place);
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

absl::StatusOr<Exit> RunAt(const Home& home, const Command& command, const Arguments& args,
                           Console& console) {
  const auto manager = Open(home);
  if (!manager.ok()) return manager.status();
  Context context{.args = args, .home = home, .console = console, .manager = **manager};
  absl::StatusOr<Exit> exit = command.run(context);
  console.Flush();
  if (exit.ok() && !console.is_well()) return absl::InternalError("cannot write to stdout");
  return exit;
}

Exit Run(const Arguments& args) {
  Console console(args.json);
  const Command* command = FindCommand(args.command);
  if (args.offline && command->asked == Asked::kService) {
    return SayError(console,
                    absl::InvalidArgumentError(
                        absl::StrCat(args.command, " asks the service: it and --offline exclude each other")),
                    Exit::kUsage, {});
  }
  const absl::StatusOr<Home> home = FindHome(args.server, args.ca_file, ProcessEnvironment);
  if (!home.ok()) return SayError(console, home.status(), ExitOf(home.status(), Asked::kStore), {});
  const absl::StatusOr<Exit> exit = RunAt(*home, *command, args, console);
  if (exit.ok()) return *exit;
  const Place place{.command = args.command, .server = home->server, .folder = home->folder};
  return SayError(console, exit.status(), ExitOf(exit.status(), command->asked), place);
}

// Help, and completion scripts.
Exit SayOver(Exit over) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return over;
  std::fprintf(stderr, "tidemark: cannot write to stdout\n");
  return Exit::kBroken;
}

int Main(int argc, char** argv) {
  // gRPC would write to the terminal of a person who is offline. Before its first use.
  ::setenv("GRPC_VERBOSITY", "NONE", 0);
  const CommandLine line = Parse(argc, argv);
  return static_cast<int>(line.over ? SayOver(*line.over) : Run(line.args));
}

}  // namespace
}  // namespace tidemark::cli

int main(int argc, char** argv) { return tidemark::cli::Main(argc, argv); }
