// The body of POST /v1/sync.
#include "gateway/json/sync_shapes.h"
#include "gateway/json/sync_v1_codec.h"
#include "tests/fuzz/decoding.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tidemark;
  fuzz::CheckDecoder(fuzz::TextOf(data, size), &gateway::DecodeSyncV1Request,
                     gateway::kShape<v1::SyncV1Request>);
  return 0;
}
