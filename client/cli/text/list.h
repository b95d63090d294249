// A list of tasks as text, and finding in it. Pure.
//
//   3f2a ^ [ ] * Buy milk
//
// The id's beginning, ^ while an edit waits to be sent, whether it is done, * if it is pinned, and the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/cli/text/palette.h"
#include "client/domain/view.h"

namespace tidemark::cli {

// A line for each of `shown`, whose ids are short among `all`. Not 0: no line is wider than `width`.
std::vector<std::string> ListLines(const std::vector<client::Task>& shown,
                                   const std::vector<client::Task>& all, int width, const Palette& palette);

// One line, without marks: for a sentence about a task.
std::string Named(const client::Task& task, const std::string& short_id, const Palette& palette);

// Every one of `words` is in it, in upper or lower case.
bool Holds(std::string_view content, const std::vector<std::string>& words);

std::vector<std::string> ShortIdsOf(const std::vector<client::Task>& tasks);

}  // namespace tidemark::cli
