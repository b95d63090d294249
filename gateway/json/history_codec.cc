#include "gateway/json/history_codec.h"

#include "gateway/json/sync_shapes.h"

namespace tidemark::gateway {

std::string EncodeHistory(const v1::GetHistoryResponse& response) {
  return EncodeObject(kShape<v1::GetHistoryResponse>, response);
}

}  // namespace tidemark::gateway
