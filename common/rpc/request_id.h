// One name for one request in the logs and answers of every process it crosses.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::rpc {

// `given` if it is 1–128 visible ASCII characters, otherwise a new one: 16 random hex digits, because it
// travels with every 304.
std::string RequestIdOr(std::string_view given);

}  // namespace tidemark::rpc
