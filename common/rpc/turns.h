// Whose turn it is among several that do the same work: of those that are open, the one that was given least.
//
//   Turns turns(/*first=*/0);
//   turns.Add();
//   turns.Open(0);
//   if (std::optional<size_t> next = turns.Next()) turns.Give(*next);
//
// Work often comes in bunches of any size, so plain turns would not be even: what was given is counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tidemark::rpc {

class Turns {
 public:
  // Among equals the one at `first` is the first, and then those after it, around.
  explicit Turns(size_t first) : first_(first) {}

  // At the end, closed.
  void Add();
  // Those after it move up.
  void Remove(size_t index);
  // It begins level with the least that another open one was given: who was away is not to make up for it.
  void Open(size_t index);
  void Close(size_t index) { all_[index].open = false; }
  bool IsOpen(size_t index) const { return all_[index].open; }
  void Give(size_t index) { ++all_[index].given; }
  // Nothing: all are closed.
  std::optional<size_t> Next() const;

 private:
  struct One {
    bool open = false;
    uint64_t given = 0;
  };

  const size_t first_;
  std::vector<One> all_;
};

}  // namespace tidemark::rpc
