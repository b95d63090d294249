#include "common/rpc/turns.h"

namespace tidemark::rpc {

void Turns::Add() { all_.emplace_back(); }

void Turns::Remove(size_t index) { all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(index)); }

void Turns::Open(size_t index) {
  if (all_[index].open) return;
  if (const std::optional<size_t> least = Next()) all_[index].given = all_[*least].given;
  all_[index].open = true;
}

std::optional<size_t> Turns::Next() const {
  std::optional<size_t> least;
  for (size_t i = 0; i < all_.size(); ++i) {
    const size_t at = (first_ + i) % all_.size();
    if (all_[at].open && (!least || all_[at].given < all_[*least].given)) least = at;
  }
  return least;
}

}  // namespace tidemark::rpc
