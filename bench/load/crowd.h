// Which user acts next: all in turn, in an order without rhyme (no two neighbours in the database follow each
// other), and none by two connections at once.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace tidemark::bench {

// A thread's part of the users: `first`, and each `step`-th after it, of `users`.
struct CrowdPart {
  std::size_t users = 0;
  std::size_t first = 0;
  std::size_t step = 1;
};

class Crowd {
 public:
  // Begins with the user at `start` of the order, whatever its size: so runs that follow each other do not
  // begin with the same users.
  Crowd(const CrowdPart& part, std::size_t start);

  // Nothing if all are in use.
  std::optional<std::size_t> Take();
  void GiveBack(std::size_t user);

  std::size_t size() const { return in_use_.size(); }

 private:
  const CrowdPart part_;
  std::vector<bool> in_use_;
  std::size_t in_use_count_ = 0;
  std::size_t place_;
  std::size_t stride_;
};

}  // namespace tidemark::bench
