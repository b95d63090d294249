// The status page: what web/status holds, embedded at build time.
#pragma once

#include <string_view>
#include <vector>

namespace tidemark::gateway {

struct PageFile {
  // "page.js".
  std::string_view name;
  std::string_view text;
};

const std::vector<PageFile>& StatusPage();

}  // namespace tidemark::gateway
