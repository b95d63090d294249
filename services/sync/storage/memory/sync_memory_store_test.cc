#include "services/sync/storage/memory/memory_store.h"
#include "services/sync/storage/store_contract.h"
#include "services/sync/storage/store_data_set_contract.h"
#include "services/sync/storage/store_devices_contract.h"
#include "services/sync/storage/store_erase_contract.h"
#include "services/sync/storage/store_pull_contract.h"

namespace tidemark::sync {
namespace {

class MemoryStoreUnderTest : public StoreUnderTest {
 public:
  EventLoops& loops() override { return loops_; }
  Store& store() override { return store_; }

 private:
  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  EventLoops loops_{4};
  MemoryStore store_{Epoch("e1"), clock_};
};

std::unique_ptr<StoreUnderTest> Make() { return std::make_unique<MemoryStoreUnderTest>(); }

INSTANTIATE_TEST_SUITE_P(Memory, StoreContract, testing::Values(Make));
INSTANTIATE_TEST_SUITE_P(Memory, StoreDevicesContract, testing::Values(Make));
INSTANTIATE_TEST_SUITE_P(Memory, StoreEraseContract, testing::Values(Make));

}  // namespace
}  // namespace tidemark::sync
