#include "services/ratelimit/storage/memory_quota_store.h"

#include "services/ratelimit/storage/quota_store_contract.h"

namespace tidemark::ratelimit {
namespace {

class MemoryQuotaStoreUnderTest : public QuotaStoreUnderTest {
 public:
  EventLoops& loops() override { return loops_; }
  QuotaStore& store() override { return store_; }

 private:
  EventLoops loops_{4};
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  MemoryQuotaStore store_{clock_};
};

INSTANTIATE_TEST_SUITE_P(Memory, QuotaStoreContract,
                         testing::Values(+[]() -> std::unique_ptr<QuotaStoreUnderTest> {
                           return std::make_unique<MemoryQuotaStoreUnderTest>();
                         }));

}  // namespace
}  // namespace tidemark::ratelimit
