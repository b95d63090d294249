#include "bench/load/latencies.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace tidemark::bench {
namespace {

// Values below it have a bucket each; each doubling after that has as many buckets.
constexpr uint64_t kPerDoubling = 128;
constexpr int kPerDoublingBits = 7;

std::size_t BucketOf(uint64_t value) {
  if (value < kPerDoubling) return value;
  const int shift = static_cast<int>(std::bit_width(value)) - kPerDoublingBits - 1;
  return static_cast<std::size_t>(shift) * kPerDoubling + (value >> shift);
}

// The middle of the bucket.
uint64_t ValueOf(std::size_t bucket) {
  if (bucket < 2 * kPerDoubling) return bucket;
  const std::size_t shift = bucket / kPerDoubling - 1;
  const uint64_t low = (kPerDoubling + bucket % kPerDoubling) << shift;
  return low + (uint64_t{1} << shift) / 2;
}

}  // namespace

void Latencies::Add(std::chrono::nanoseconds latency) {
  const std::chrono::nanoseconds taken = std::max(latency, std::chrono::nanoseconds(0));
  const std::size_t bucket = BucketOf(static_cast<uint64_t>(taken.count()));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  max_ = std::max(max_, taken);
}

void Latencies::Add(const Latencies& others) {
  if (others.buckets_.size() > buckets_.size()) buckets_.resize(others.buckets_.size());
  for (std::size_t i = 0; i < others.buckets_.size(); ++i) buckets_[i] += others.buckets_[i];
  count_ += others.count_;
  max_ = std::max(max_, others.max_);
}

std::chrono::nanoseconds Latencies::Quantile(double share) const {
  const auto wanted = std::max<int64_t>(1, std::llround(std::ceil(share * static_cast<double>(count_))));
  int64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen >= wanted) return std::min(max_, std::chrono::nanoseconds(ValueOf(bucket)));
  }
  return max_;
}

}  // namespace tidemark::bench
