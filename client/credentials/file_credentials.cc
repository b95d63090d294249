#include "client/credentials/file_credentials.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tidemark::client {
namespace {

constexpr const char* kFirstLine = "tidemark session 1";
constexpr std::size_t kLines = 6;

absl::Status Failed(const std::string& path) {
  return absl::PermissionDeniedError(absl::StrCat(path, ": ", std::strerror(errno)));
}

// A line each. What the service gives has no line ends; a value that has makes the file unreadable, not
// wrong.
std::string Encode(const SavedSession& session) {
  return absl::StrCat(kFirstLine, "\n", session.user_id, "\n", session.email, "\n", session.access_token,
                      "\n", session.access_expires_at.value, "\n", session.refresh_token, "\n");
}

std::optional<SavedSession> Decode(const std::string& text) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  SavedSession session;
  if (lines.size() != kLines + 1 || lines[0] != kFirstLine || !lines[kLines].empty() ||
      !absl::SimpleAtoi(lines[4], &session.access_expires_at.value)) {
    return std::nullopt;
  }
  session.user_id = std::move(lines[1]);
  session.email = std::move(lines[2]);
  session.access_token = std::move(lines[3]);
  session.refresh_token = std::move(lines[5]);
  return session;
}

// Closes itself.
class File {
 public:
  File(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return number_ >= 0; }
  bool MakePrivate() { return ::fchmod(number_, 0600) == 0; }
  bool Sync() { return ::fsync(number_) == 0; }

  bool Write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = ::write(number_, text.data(), text.size());
      if (written < 0 && errno != EINTR) return false;
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  std::optional<std::string> ReadAll() {
    std::string text;
    std::array<char, 4096> buffer;
    while (true) {
      const ssize_t read = ::read(number_, buffer.data(), buffer.size());
      if (read == 0) return text;
      if (read < 0 && errno != EINTR) return std::nullopt;
      if (read > 0) text.append(buffer.data(), static_cast<std::size_t>(read));
    }
  }

 private:
  const int number_;
};

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

}  // namespace

absl::StatusOr<std::optional<SavedSession>> FileCredentials::Load() {
  File file(path_, O_RDONLY);
  if (!file.is_open()) {
    if (errno == ENOENT) return std::optional<SavedSession>();
    return Failed(path_);
  }
  const std::optional<std::string> text = file.ReadAll();
  if (!text) return Failed(path_);
  std::optional<SavedSession> session = Decode(*text);
  if (!session) return absl::DataLossError(absl::StrCat(path_, " holds no session; log in again"));
  return session;
}

absl::Status FileCredentials::Save(const SavedSession& session) {
  const std::string made = path_ + ".new";
  {
    // One that a crash left may have been made by somebody else.
    ::unlink(made.c_str());
    File file(made, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (!file.is_open() || !file.MakePrivate() || !file.Write(Encode(session)) || !file.Sync()) {
      return Failed(made);
    }
  }
  if (::rename(made.c_str(), path_.c_str()) != 0) return Failed(path_);
  // The spent token must not come back after a power cut.
  File folder(FolderOf(path_), O_RDONLY | O_DIRECTORY);
  if (!folder.is_open() || !folder.Sync()) return Failed(path_);
  return absl::OkStatus();
}

absl::Status FileCredentials::Clear() {
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT) return Failed(path_);
  return absl::OkStatus();
}

}  // namespace tidemark::client
