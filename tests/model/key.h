// A key of the model, in the terms of the cache's own rules.
#pragma once

#include <string>

#include "services/sync/storage/head_cache_rules.h"
#include "tests/model/state.h"

namespace tidemark::model {

// Tokens are "a", "b", …
std::string TokenName(Small token);

sync::Head HeadOf(Small head);
Small NumberOf(const sync::Head& head);

sync::head_cache_rules::Content Unpack(const Key& key);
Key Pack(const sync::head_cache_rules::Content& content);

}  // namespace tidemark::model
