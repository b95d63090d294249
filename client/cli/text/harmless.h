// Text that came from elsewhere, made fit to be shown: a task may hold what would command a terminal.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::cli {

// On one line: a break is shown as ⏎, a tab as a space, other control characters by their pictures, and
// what is no text, or would turn the direction of writing around, as U+FFFD.
std::string Harmless(std::string_view text);

// JSON that means the same, with such characters written as \u….
std::string HarmlessJson(std::string_view json);

}  // namespace tidemark::cli
