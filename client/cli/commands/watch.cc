// Stays in front: a list that is redrawn on a terminal, a line for each change otherwise.
#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/bell.h"
#include "client/cli/commands.h"
#include "client/cli/describe.h"
#include "client/cli/json_text.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/list.h"
#include "client/cli/text/task_changes.h"
#include "client/cli/text/width.h"

namespace tidemark::cli {
namespace {

using client::SyncStatus;
using client::Task;

class View {
 public:
  virtual ~View() = default;
  virtual void Show(const std::vector<Task>& tasks, const SyncStatus& status) = 0;
};

// On the terminal's other screen, so that what was there comes back.
class Screen final : public View {
 public:
  explicit Screen(Console& console) : console_(console) { console_.Write("\x1b[?1049h\x1b[?25l"); }
  ~Screen() override {
    console_.Write("\x1b[?25h\x1b[?1049l");
    console_.Flush();
  }

  void Show(const std::vector<Task>& tasks, const SyncStatus& status) override {
    const int width = console_.width();
    // The last line but one stays empty.
    const std::size_t rows = static_cast<std::size_t>(std::max(console_.height() - 2, 1));
    std::vector<Task> shown(tasks.begin(),
                            tasks.begin() + static_cast<std::ptrdiff_t>(std::min(rows, tasks.size())));
    std::string text = "\x1b[H";
    for (const std::string& line : ListLines(shown, tasks, width, console_.palette())) {
      absl::StrAppend(&text, line, "\x1b[K\r\n");
    }
    const std::string hidden =
        tasks.size() > shown.size() ? absl::StrCat(" … ", tasks.size() - shown.size(), " more") : "";
    absl::StrAppend(
        &text, "\x1b[J\r\n",
        console_.palette().Faint(Cut(Harmless(InWords(status)) + hidden + "   Ctrl-C ends", width)));
    console_.Write(text);
  }

 private:
  Console& console_;
};

class Lines final : public View {
 public:
  explicit Lines(Console& console) : console_(console) {}

  void Show(const std::vector<Task>& tasks, const SyncStatus& status) override {
    for (const TaskChange& change : ChangesBetween(before_, tasks)) SayChange(change, tasks);
    before_ = tasks;
    const std::string now = console_.json() ? ToJson(status) : InWords(status);
    if (std::exchange(status_, now) == now) return;
    console_.Say(console_.json() ? JsonObject().Add("event", "status").AddJson("status", now).text()
                                 : "# " + Harmless(now));
  }

 private:
  void SayChange(const TaskChange& change, const std::vector<Task>& tasks) {
    const int event = static_cast<int>(change.event);
    if (console_.json()) {
      constexpr const char* kNames[] = {"added", "changed", "removed"};
      console_.Say(JsonObject().Add("event", kNames[event]).AddJson("task", ToJson(change.task)).text());
      return;
    }
    constexpr const char* kMarks[] = {"+ ", "~ ", "- "};
    const auto& among = change.event == TaskEvent::kRemoved ? before_ : tasks;
    console_.Say(kMarks[event] + ListLines({change.task}, among, 0, Palette(false)).front());
  }

  Console& console_;
  std::vector<Task> before_;
  std::string status_;
};

absl::Status ShowUntilTheEnd(Context& context, Bell& bell, View& view) {
  do {
    const absl::StatusOr<std::vector<Task>> tasks = context.manager.List();
    if (!tasks.ok()) return tasks.status();
    const absl::StatusOr<SyncStatus> status = context.manager.Status();
    if (!status.ok()) return status.status();
    view.Show(*tasks, *status);
    context.console.Flush();
  } while (bell.Await() && context.console.is_well());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Exit> Watch(Context& context) {
  if (context.args.offline) return absl::InvalidArgumentError("watch and --offline exclude each other");
  Console& console = context.console;
  Bell bell;
  std::unique_ptr<View> view;
  if (console.out_is_terminal() && !console.json()) {
    view = std::make_unique<Screen>(console);
  } else {
    view = std::make_unique<Lines>(console);
  }
  context.manager.SetForeground(true);
  context.manager.Start({.on_tasks = [&](const client::ChangedTasks&) { bell.Ring(); },
                         .on_status = [&](const SyncStatus&) { bell.Ring(); }});
  const absl::Status shown = ShowUntilTheEnd(context, bell, *view);
  context.manager.Stop();
  if (!shown.ok()) return shown;
  return Exit::kDone;
}

}  // namespace tidemark::cli
