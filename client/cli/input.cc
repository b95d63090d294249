#include "client/cli/input.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace tidemark::cli {
namespace {

std::string All(std::istream& stream) { return {std::istreambuf_iterator<char>(stream), {}}; }

}  // namespace

absl::StatusOr<std::string> TextOf(const std::vector<std::string>& words) {
  if (words.size() == 1 && words.front() == "-") return All(std::cin);
  return absl::StrJoin(words, " ");
}

absl::StatusOr<std::string> TextOfFile(const std::string& path) {
  if (path == "-") return All(std::cin);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return absl::PermissionDeniedError(absl::StrCat("cannot read ", path, ": it is a folder"));
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return absl::PermissionDeniedError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  return All(file);
}

}  // namespace tidemark::cli
