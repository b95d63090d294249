#include "bench/load/crowd.h"

#include <numeric>

namespace tidemark::bench {
namespace {

// Takes every place once in a round, far from the last one.
std::size_t StrideOver(std::size_t places) {
  auto stride = static_cast<std::size_t>(static_cast<double>(places) * 0.618);
  if (stride == 0) return 1;
  while (std::gcd(stride, places) != 1) ++stride;
  return stride;
}

std::size_t SizeOf(const CrowdPart& part) {
  return part.first >= part.users ? 0 : (part.users - part.first - 1) / part.step + 1;
}

}  // namespace

Crowd::Crowd(const CrowdPart& part, std::size_t start)
    : part_(part),
      in_use_(SizeOf(part)),
      place_(in_use_.empty() ? 0 : start % in_use_.size()),
      stride_(StrideOver(in_use_.size())) {}

std::optional<std::size_t> Crowd::Take() {
  if (in_use_count_ == in_use_.size()) return std::nullopt;
  while (in_use_[place_]) place_ = (place_ + stride_) % in_use_.size();
  const std::size_t taken = place_;
  in_use_[taken] = true;
  ++in_use_count_;
  place_ = (place_ + stride_) % in_use_.size();
  return part_.first + taken * part_.step;
}

void Crowd::GiveBack(std::size_t user) {
  in_use_[(user - part_.first) / part_.step] = false;
  --in_use_count_;
}

}  // namespace tidemark::bench
