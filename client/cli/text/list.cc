#include "client/cli/text/list.h"

#include <algorithm>
#include <map>

#include "client/cli/text/harmless.h"
#include "client/cli/text/short_ids.h"
#include "client/cli/text/width.h"

namespace tidemark::cli {

using client::Task;

std::vector<std::string> ShortIdsOf(const std::vector<Task>& tasks) {
  std::vector<std::string> ids;
  for (const Task& task : tasks) ids.push_back(task.id.value());
  return ShortIds(ids);
}

std::vector<std::string> ListLines(const std::vector<Task>& shown, const std::vector<Task>& all, int width,
                                   const Palette& palette) {
  const std::vector<std::string> short_ids = ShortIdsOf(all);
  std::map<TaskId, std::string> names;
  for (std::size_t i = 0; i < all.size(); ++i) names[all[i].id] = Harmless(short_ids[i]);
  int id_width = 0;
  for (const Task& task : shown) id_width = std::max(id_width, WidthOf(names[task.id]));
  std::vector<std::string> lines;
  for (const Task& task : shown) {
    const std::string marks = std::string(task.pending ? "^" : " ") + " [" + (task.completed ? "x" : " ") +
                              "] " + (task.pinned ? "*" : " ") + " ";
    const int used = id_width + 1 + WidthOf(marks);
    std::string content = Harmless(task.content);
    if (width > 0) content = Cut(content, width - used);
    lines.push_back(palette.Id(Padded(names[task.id], id_width)) + " " + marks +
                    (task.completed ? palette.Faint(content)
                     : task.pinned  ? palette.Strong(content)
                                    : content));
  }
  return lines;
}

std::string Named(const Task& task, const std::string& short_id, const Palette& palette) {
  constexpr int kWidth = 60;
  return palette.Id(Harmless(short_id)) + " " + Cut(Harmless(task.content), kWidth);
}

bool Holds(std::string_view content, const std::vector<std::string>& words) {
  const std::string folded = LowerCase(content);
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return folded.find(LowerCase(word)) != std::string::npos;
  });
}

}  // namespace tidemark::cli
