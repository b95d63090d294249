#include "services/auth/storage/account_sessions_contract.h"
#include "services/auth/storage/account_store_contract.h"
#include "services/auth/storage/key_store_contract.h"
#include "services/auth/storage/memory_store.h"

namespace tidemark::auth {
namespace {

class MemoryFixture {
 public:
  AccountStore& store() { return store_; }
  KeyStore& keys() { return keys_; }

 private:
  MemoryAccountStore store_;
  MemoryKeyStore keys_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, AccountStoreContract, MemoryFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, AccountSessionsContract, MemoryFixture);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, KeyStoreContract, MemoryFixture);

}  // namespace
}  // namespace tidemark::auth
