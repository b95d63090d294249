#include "services/sync/storage/memory/memory_head_cache.h"

#include "services/sync/storage/head_cache_rules_contract.h"

namespace tidemark::sync {
namespace {

class MemoryHeadCacheUnderTest : public HeadCacheUnderTest {
 public:
  explicit MemoryHeadCacheUnderTest(absl::Duration cold) : cold_(cold), cache_(clock_, cold) {}

  EventLoops& loops() override { return loops_; }
  HeadCache& cache() override { return cache_; }
  void Lose(const CacheSpace&, const UserId&) override { cache_.Flush(); }
  void Warm(const CacheSpace&) override { clock_.AdvanceMillis(absl::ToInt64Milliseconds(cold_)); }

 private:
  const absl::Duration cold_;
  ManualClock clock_{UnixMillis{1}};
  EventLoops loops_{1};
  MemoryHeadCache cache_;
};

const auto kMemory = testing::Values(+[](absl::Duration cold) -> std::unique_ptr<HeadCacheUnderTest> {
  return std::make_unique<MemoryHeadCacheUnderTest>(cold);
});
INSTANTIATE_TEST_SUITE_P(Memory, HeadCacheContract, kMemory);
INSTANTIATE_TEST_SUITE_P(Memory, ColdHeadCacheContract, kMemory);
INSTANTIATE_TEST_SUITE_P(Memory, HeadCacheRulesContract, kMemory);

}  // namespace
}  // namespace tidemark::sync
