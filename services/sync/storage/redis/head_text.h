// A head as Redis holds it and carries it: `<count>-<high_water>-<version_sum>`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

std::string FormatHead(const Head& head);
// Without purged_through. Nothing if `text` was not made by FormatHead.
std::optional<Head> ParseHead(std::string_view text);

}  // namespace tidemark::sync
