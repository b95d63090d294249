// Where the command keeps its things, and where the service is.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidemark::cli {

struct Home {
  std::filesystem::path folder = {};
  // "SYNC" or "SYNC,AUTH": one address, or one for each service.
  std::string server = {};
  // Empty: the machine's authorities.
  std::string ca_file = {};

  std::string store_path() const { return folder / "tasks.db"; }
  std::string sync_address() const { return server.substr(0, server.find(',')); }
  // Empty: at the same address.
  std::string auth_address() const;
};

// Where the services themselves listen unless they are told otherwise.
inline constexpr char kDefaultServer[] = "127.0.0.1:50051,127.0.0.1:50052";

// A variable's value; empty: it is not set.
using Environment = std::function<std::string(const std::string& name)>;
std::string ProcessEnvironment(const std::string& name);

// `server` and `ca_file`, where they are given, come before TIDEMARK_SERVER and TIDEMARK_CA_FILE, and those
// before what was remembered. kInvalidArgument: there is no folder to keep anything in, or no such address.
// kPermissionDenied: what was remembered is needed, and cannot be read.
absl::StatusOr<Home> FindHome(const std::string& server, const std::string& ca_file,
                              const Environment& environment);

// For later commands. The folder is there.
absl::Status Remember(const Home& home);

}  // namespace tidemark::cli
