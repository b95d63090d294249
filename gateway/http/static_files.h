// Files held in memory, such as the web page's, read once at start: a request only ever looks a path up, so
// none can leave the folder and no event loop waits for a disk.
//
//   absl::StatusOr<StaticFiles> files = StaticFiles::Load(settings.web_dir);
//   for (const auto& [path, file] : files->all()) router.Add("GET", path, …);
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidemark::gateway {

// All files together. What is built from web/ is far below.
inline constexpr size_t kStaticBytesMax = 32 * 1024 * 1024;

struct StaticFile {
  std::string content_type;
  std::string cache_control;
  // With its quotes; equal for equal content, in every replica.
  std::string etag;
  std::string body;
  // The same as gzip, which has an ETag of its own (RFC 9110 8.8.3.3). Empty: not worth it.
  std::string gzip_body;
  std::string gzip_etag;
};

class StaticFiles {
 public:
  // Reads the regular files under `dir`, except hidden ones. index.html is also "/". What lies under assets/
  // carries a hash of its content in its name and never changes.
  // NOT_FOUND: no such folder, or no index.html in it. OUT_OF_RANGE: more than kStaticBytesMax.
  static absl::StatusOr<StaticFiles> Load(const std::string& dir);

  // A file that is part of the program. Always asked for again.
  void Add(const std::string& url_path, std::string_view content_type, std::string_view body);

  // By URL path.
  const std::map<std::string, StaticFile>& all() const { return files_; }

 private:
  std::map<std::string, StaticFile> files_;
};

}  // namespace tidemark::gateway
