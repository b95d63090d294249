#include "client/cli/text/short_ids.h"

#include <algorithm>
#include <numeric>

namespace tidemark::cli {
namespace {

std::size_t SharedLength(const std::string& a, const std::string& b) {
  return std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin();
}

}  // namespace

std::vector<std::string> ShortIds(const std::vector<std::string>& ids) {
  // Among sorted ones, a neighbour shares most.
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  std::vector<std::size_t> lengths(ids.size(), kShortIdMin);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const std::size_t needed = SharedLength(ids[order[i - 1]], ids[order[i]]) + 1;
    for (const std::size_t of : {order[i - 1], order[i]}) lengths[of] = std::max(lengths[of], needed);
  }
  std::vector<std::string> shortened;
  for (std::size_t i = 0; i < ids.size(); ++i) shortened.push_back(ids[i].substr(0, lengths[i]));
  return shortened;
}

}  // namespace tidemark::cli
