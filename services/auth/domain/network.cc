#include "services/auth/domain/network.h"

namespace tidemark::auth {

NetworkHash HashOf(const std::string& network, const SecretKey& key) { return {KeyedHash(key, network)}; }

}  // namespace tidemark::auth
