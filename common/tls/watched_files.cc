#include "common/tls/watched_files.h"

#include <sys/stat.h>

#include <utility>

#include "absl/strings/str_join.h"
#include "common/log/log.h"

namespace tidemark::tls {

WatchedFiles::WatchedFiles(std::vector<std::string> paths) : paths_(std::move(paths)), stamps_(StampsNow()) {}

void WatchedFiles::Refresh(const std::function<absl::Status()>& read) {
  const bool have_changed = HaveChanged();
  if (!have_changed && !is_behind_) return;
  const absl::Status status = read();
  is_behind_ = !status.ok();
  if (status.ok()) {
    log::Info("tls_certificate_read", {{"files", absl::StrJoin(paths_, " ")}});
  } else if (have_changed) {
    log::Warning("tls_certificate_not_read", {{"status", status.ToString()}});
  }
}

bool WatchedFiles::HaveChanged() {
  std::vector<Stamp> now = StampsNow();
  return std::exchange(stamps_, now) != now;
}

WatchedFiles::Stamp WatchedFiles::StampOf(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return {};
  return {absl::TimeFromTimespec(found.st_mtim), static_cast<uint64_t>(found.st_size), found.st_ino};
}

std::vector<WatchedFiles::Stamp> WatchedFiles::StampsNow() const {
  std::vector<Stamp> stamps;
  for (const std::string& path : paths_) stamps.push_back(StampOf(path));
  return stamps;
}

}  // namespace tidemark::tls
