#include "client/cli/text/todo_txt.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace tidemark::cli {
namespace {

constexpr std::string_view kPriorityOfDone = " pri:A";
constexpr std::string_view kId = " tidemark:";

// Takes `date ` off the beginning, if one is there.
std::optional<UnixMillis> TakeDate(std::string_view& text) {
  constexpr std::size_t kLength = sizeof("2026-03-01") - 1;
  if (text.size() <= kLength || text[kLength] != ' ') return std::nullopt;
  absl::Time time;
  std::string error;
  const std::string day(text.substr(0, kLength));
  if (!absl::ParseTime("%Y-%m-%d", day, &time, &error) || time < absl::UnixEpoch()) return std::nullopt;
  text.remove_prefix(kLength + 1);
  return UnixMillis{absl::ToUnixMillis(time)};
}

std::string Date(UnixMillis when) {
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(when.value), absl::UTCTimeZone());
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Takes " pri:A" out, wherever it stands as a word.
bool TakePriorityOfDone(std::string& text) {
  const std::size_t at = text.find(kPriorityOfDone);
  if (at == std::string::npos) return false;
  const std::size_t end = at + kPriorityOfDone.size();
  if (end != text.size() && text[end] != ' ') return false;
  text.erase(at, kPriorityOfDone.size());
  return true;
}

bool IsOfId(char c) { return absl::ascii_isalnum(c) || c == '_' || c == '.' || c == ':' || c == '-'; }

// Takes the last " tidemark:ID" out.
std::string TakeId(std::string& text) {
  const std::size_t at = text.rfind(kId);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + kId.size();
  const std::size_t end = std::min(text.find(' ', begin), text.size());
  std::string id = text.substr(begin, end - begin);
  if (id.empty() || id.size() > client::kTaskIdBytesMax || !std::all_of(id.begin(), id.end(), IsOfId))
    return "";
  text.erase(at, end - at);
  return id;
}

std::string_view Trimmed(std::string_view line) {
  constexpr std::string_view kBlank = " \t\r";
  const std::size_t begin = line.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(kBlank) + 1 - begin);
}

// FNV-1a, and its bits mixed: no secret, only as good as never the same for two lines.
uint64_t Hash(std::string_view text, uint64_t seed) {
  uint64_t hash = 0xcbf29ce484222325 ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9;
  hash = (hash ^ (hash >> 27)) * 0x94d049bb133111eb;
  return hash ^ (hash >> 31);
}

// A UUID of version 8 (RFC 9562).
TaskId IdOf(std::string_view line, int before) {
  const std::string name = absl::StrCat(before, " ", std::string(line));
  const uint64_t a = Hash(name, 0), b = Hash(name, 0x9e3779b97f4a7c15);
  return TaskId(absl::StrFormat("%08x-%04x-8%03x-%x%03x-%012x", a >> 32, (a >> 16) & 0xffff, a & 0xfff,
                                8 + ((b >> 60) & 3), (b >> 48) & 0xfff, b & 0xffffffffffff));
}

client::Task FromLine(std::string_view line) {
  client::Task task;
  task.completed = TakePrefix(line, "x ");
  if (task.completed) {
    if (const auto done = TakeDate(line)) task.updated_at = *done;
  }
  task.pinned = TakePrefix(line, "(A) ");
  if (const auto written = TakeDate(line)) task.created_at = *written;
  if (task.updated_at == UnixMillis{}) task.updated_at = task.created_at;
  task.content = std::string(Trimmed(line));
  task.id = TaskId(TakeId(task.content));
  if (task.completed && TakePriorityOfDone(task.content)) task.pinned = true;
  return task;
}

}  // namespace

std::vector<client::Task> FromTodoTxt(std::string_view text) {
  std::vector<client::Task> tasks;
  std::map<std::string, int, std::less<>> seen;
  std::set<TaskId> named;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    client::Task task = FromLine(Trimmed(line));
    if (task.content.empty()) continue;
    if (task.id.empty() || !named.insert(task.id).second)
      task.id = IdOf(Trimmed(line), seen[std::string(Trimmed(line))]++);
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::string ToTodoTxt(const std::vector<client::Task>& tasks) {
  std::string text;
  for (const client::Task& task : tasks) {
    std::string content = task.content;
    std::replace_if(
        content.begin(), content.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    const std::string written = Date(task.created_at);
    if (task.completed) {
      absl::StrAppend(&text, "x ", Date(task.updated_at), " ", written, " ", content,
                      task.pinned ? std::string(kPriorityOfDone) : "");
    } else {
      absl::StrAppend(&text, task.pinned ? "(A) " : "", written, " ", content);
    }
    absl::StrAppend(&text, task.id.empty() ? "" : std::string(kId), task.id.value(), "\n");
  }
  return text;
}

}  // namespace tidemark::cli
