// The contract of the JSON API, made of the files of this folder at build time (tools/openapi).
#pragma once

#include <string_view>

namespace tidemark::gateway {

struct Contract {
  // OpenAPI 3.1.
  std::string_view json;
  // The same for people: HTML, and the style sheet that it names as /docs/style.css.
  std::string_view page;
  std::string_view style;
};

const Contract& TheContract();

}  // namespace tidemark::gateway
