#include "client/store/local_store_contract.h"
#include "client/store/memory/memory_store.h"

namespace tidemark::client {
namespace {

class MemoryFixture : public StoreFixture {
 public:
  LocalStore& store() override { return *store_; }
  void Reopen() override { store_ = std::make_unique<MemoryStore>(*store_); }

 private:
  std::unique_ptr<MemoryStore> store_ = std::make_unique<MemoryStore>();
};

INSTANTIATE_TEST_SUITE_P(Memory, LocalStoreContract,
                         testing::Values([] { return std::make_unique<MemoryFixture>(); }));

}  // namespace
}  // namespace tidemark::client
