#include "client/cli/home.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>

#include "absl/strings/str_cat.h"

namespace tidemark::cli {
namespace {

constexpr char kFile[] = "server";

absl::StatusOr<std::filesystem::path> FindFolder(const Environment& environment) {
  if (const std::string own = environment("TIDEMARK_HOME"); !own.empty())
    return std::filesystem::absolute(own);
  // The XDG rules have relative paths ignored.
  const std::filesystem::path data = environment("XDG_DATA_HOME");
  if (data.is_absolute()) return data / "tidemark";
  const std::string home = environment("HOME");
  if (home.empty())
    return absl::InvalidArgumentError("neither TIDEMARK_HOME nor HOME says where to keep tasks");
  return std::filesystem::path(home) / ".local" / "share" / "tidemark";
}

// Nothing is remembered before the first login. A file that is there and cannot be read is said: another
// service than the one that was remembered must not be asked.
absl::StatusOr<std::map<std::string, std::string>> Remembered(const std::filesystem::path& folder) {
  std::map<std::string, std::string> values;
  const std::filesystem::path path = folder / kFile;
  errno = 0;
  std::ifstream file(path);
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return values;
    return absl::PermissionDeniedError(
        absl::StrCat("cannot read ", path.string(), ": ", std::strerror(errno),
                     "\nIt names the service that login remembered; --server names it for once."));
  }
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) values[line.substr(0, equals)] = line.substr(equals + 1);
  }
  if (file.bad() || !values.contains("server")) {
    return absl::PermissionDeniedError(
        absl::StrCat(path.string(),
                     " holds no service's address\nRemove it, and log in again: "
                     "tidemark login --server ADDRESS"));
  }
  return values;
}

std::string FirstOf(const std::string& a, const std::string& b, const std::string& c) {
  return !a.empty() ? a : !b.empty() ? b : c;
}

}  // namespace

std::string Home::auth_address() const {
  const std::size_t comma = server.find(',');
  return comma == std::string::npos ? "" : server.substr(comma + 1);
}

std::string ProcessEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

absl::StatusOr<Home> FindHome(const std::string& server, const std::string& ca_file,
                              const Environment& environment) {
  absl::StatusOr<std::filesystem::path> folder = FindFolder(environment);
  if (!folder.ok()) return folder.status();
  Home home{.folder = *folder,
            .server = FirstOf(server, environment("TIDEMARK_SERVER"), ""),
            .ca_file = FirstOf(ca_file, environment("TIDEMARK_CA_FILE"), "")};
  auto remembered = Remembered(*folder);
  if (!remembered.ok() && home.server.empty()) return remembered.status();
  if (remembered.ok()) {
    home.server = FirstOf(home.server, (*remembered)["server"], "");
    home.ca_file = FirstOf(home.ca_file, (*remembered)["ca_file"], "");
  }
  if (home.server.empty()) home.server = kDefaultServer;
  if (std::count(home.server.begin(), home.server.end(), ',') > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", home.server, "\" names more than two addresses: --server SYNC, or SYNC,AUTH"));
  }
  return home;
}

absl::Status Remember(const Home& home) {
  const std::filesystem::path path = home.folder / kFile;
  const std::filesystem::path fresh = home.folder / (std::string(kFile) + ".new");
  std::ofstream file(fresh);
  const std::string ca_file = home.ca_file.empty() ? "" : std::filesystem::absolute(home.ca_file).string();
  file << "server=" << home.server << "\nca_file=" << ca_file << "\n";
  file.close();
  std::error_code error;
  using std::filesystem::perms;
  if (file) std::filesystem::permissions(fresh, perms::owner_read | perms::owner_write, error);
  if (file && !error) std::filesystem::rename(fresh, path, error);
  if (!file || error) {
    const std::string why = error ? error.message() : std::strerror(errno);
    return absl::PermissionDeniedError(absl::StrCat("cannot write ", path.string(), ": ", why));
  }
  return absl::OkStatus();
}

}  // namespace tidemark::cli
