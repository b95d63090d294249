// Beginnings of ids that name one task, as git shortens commits.
#pragma once

#include <string>
#include <vector>

namespace tidemark::cli {

inline constexpr std::size_t kShortIdMin = 4;

// For each of `ids`, which differ, the shortest beginning, of at least kShortIdMin characters, that no other
// has; the whole id where another begins with it.
std::vector<std::string> ShortIds(const std::vector<std::string>& ids);

}  // namespace tidemark::cli
