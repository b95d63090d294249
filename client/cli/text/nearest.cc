#include "client/cli/text/nearest.h"

#include <algorithm>

namespace tidemark::cli {
namespace {

struct Alias {
  std::string_view typed;
  std::string_view name;
};

constexpr Alias kAliases[] = {
    {"list", "ls"},          {"show", "ls"},         {"new", "add"},           {"help", "--help"},
    {"delete", "rm"},        {"del", "rm"},          {"remove", "rm"},         {"complete", "done"},
    {"do", "done"},          {"undo", "undone"},     {"reopen", "undone"},     {"update", "edit"},
    {"undelete", "restore"}, {"signup", "register"}, {"signin", "login"},      {"signout", "logout"},
    {"push", "sync"},        {"pull", "sync"},       {"version", "--version"},
};

// How many letters were left out, put in, changed, or swapped with the next.
std::size_t Slips(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> slips(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        slips[i][j] = i + j;
        continue;
      }
      const std::size_t changed = slips[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      slips[i][j] = std::min({slips[i - 1][j] + 1, slips[i][j - 1] + 1, changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        slips[i][j] = std::min(slips[i][j], slips[i - 2][j - 2] + 1);
    }
  }
  return slips[a.size()][b.size()];
}

}  // namespace

std::string NearestCommand(std::string_view typed, const std::vector<std::string>& names) {
  for (const Alias& alias : kAliases) {
    if (alias.typed == typed) return std::string(alias.name);
  }
  // Of a short word little is left after two slips.
  const std::size_t slips_max = typed.size() < 5 ? 1 : 2;
  std::string nearest;
  std::size_t fewest = slips_max + 1;
  for (const std::string& name : names) {
    const std::size_t slips = Slips(typed, name);
    if (slips < fewest) {
      fewest = slips;
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace tidemark::cli
