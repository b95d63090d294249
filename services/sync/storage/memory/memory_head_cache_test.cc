#include "services/sync/storage/memory/memory_head_cache.h"

#include "services/sync/storage/head_cache_contract.h"

namespace tidemark::sync {
namespace {

class MemoryHeadCacheUnderTest : public HeadCacheUnderTest {
 public:
  EventLoops& loops() override { return loops_; }
  HeadCache& cache() override { return cache_; }

 private:
  EventLoops loops_{1};
  MemoryHeadCache cache_;
};

INSTANTIATE_TEST_SUITE_P(Memory, HeadCacheContract,
                         testing::Values(+[]() -> std::unique_ptr<HeadCacheUnderTest> {
                           return std::make_unique<MemoryHeadCacheUnderTest>();
                         }));

}  // namespace
}  // namespace tidemark::sync
