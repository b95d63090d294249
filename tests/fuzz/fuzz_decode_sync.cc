// The body of POST /sync.
#include "gateway/json/sync_shapes.h"
#include "tests/fuzz/decoding.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidemark;
  fuzz::CheckDecoder(fuzz::TextOf(data, size), &gateway::DecodeSyncRequest, gateway::kShape<v1::SyncRequest>);
  return 0;
}
