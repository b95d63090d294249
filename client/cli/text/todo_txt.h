// Tasks in the format of todo.txt, a task a line:
//
//   (A) 2026-03-01 Call mum +family @phone
//   x 2026-03-02 2026-03-01 Buy milk
//
// A line begins with "x" and the day it was done, or with a priority; then comes the day it was written.
// Priority A is a pinned task, of a done one "pri:A". Everything else, such as other priorities, projects and
// contexts, is kept in the text, but for "tidemark:ID": that is which task it is. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/domain/view.h"

namespace tidemark::cli {

// The id of a task without one follows from its line and from how many such lines come before it: the same
// file, taken in twice or on two devices, makes no task twice. A copy of a line that names its task is
// another task. Lines without text are left out.
std::vector<client::Task> FromTodoTxt(std::string_view text);

// Each line names its task. A line break within a task becomes a space. Days are UTC's.
std::string ToTodoTxt(const std::vector<client::Task>& tasks);

}  // namespace tidemark::cli
