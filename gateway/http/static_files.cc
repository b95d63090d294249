#include "gateway/http/static_files.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

#include "common/gzip/gzip.h"
#include "gateway/http/content_coding.h"

namespace tidemark::gateway {
namespace {

namespace fs = std::filesystem;

std::string ContentTypeOf(const fs::path& path) {
  static const std::map<std::string, std::string> kTypes = {
      {".css", "text/css; charset=utf-8"},
      {".gif", "image/gif"},
      {".html", "text/html; charset=utf-8"},
      {".ico", "image/x-icon"},
      {".jpg", "image/jpeg"},
      {".js", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".png", "image/png"},
      {".svg", "image/svg+xml"},
      {".txt", "text/plain; charset=utf-8"},
      {".wasm", "application/wasm"},
      {".webmanifest", "application/manifest+json"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
  };
  const auto type = kTypes.find(path.extension().string());
  return type == kTypes.end() ? "application/octet-stream" : type->second;
}

std::string CacheControlOf(const std::string& url_path) {
  const bool hashed_name = url_path.starts_with("/assets/");
  return hashed_name ? "public, max-age=31536000, immutable" : "no-cache";
}

// libstdc++'s string hash has no seed, so every replica of a build says the same.
std::string EtagOf(const std::string& body) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016jx", static_cast<uintmax_t>(std::hash<std::string>{}(body)));
  return "\"" + std::string(digits) + "\"";
}

StaticFile MakeFile(const std::string& url_path, std::string_view content_type, std::string body) {
  StaticFile file;
  file.content_type = content_type;
  file.cache_control = CacheControlOf(url_path);
  file.etag = EtagOf(body);
  if (IsWorthGzip(file.content_type, body.size())) {
    file.gzip_body = Gzip(body, kGzipBest);
    file.gzip_etag = EtagOf(file.gzip_body);
  }
  file.body = std::move(body);
  return file;
}

std::string ReadAll(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool IsHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

}  // namespace

absl::StatusOr<StaticFiles> StaticFiles::Load(const std::string& dir) {
  std::error_code error;
  fs::recursive_directory_iterator entry(dir, error);
  if (error) return absl::NotFoundError("Cannot read the folder " + dir + ": " + error.message());

  StaticFiles files;
  size_t bytes = 0;
  for (; entry != fs::recursive_directory_iterator(); ++entry) {
    if (IsHidden(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    if (!entry->is_regular_file()) continue;
    bytes += entry->file_size();
    if (bytes > kStaticBytesMax) {
      return absl::OutOfRangeError(dir + " holds more than " + std::to_string(kStaticBytesMax) + " bytes");
    }
    const std::string url_path = "/" + entry->path().lexically_relative(dir).generic_string();
    files.Add(url_path, ContentTypeOf(entry->path()), ReadAll(entry->path()));
  }

  const auto index = files.files_.find("/index.html");
  if (index == files.files_.end()) return absl::NotFoundError("There is no index.html in " + dir);
  files.files_["/"] = index->second;
  return files;
}

void StaticFiles::Add(const std::string& url_path, std::string_view content_type, std::string_view body) {
  files_[url_path] = MakeFile(url_path, content_type, std::string(body));
}

}  // namespace tidemark::gateway
