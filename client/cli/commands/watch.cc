// Stays in front: a list that is redrawn on a terminal, a line for each change otherwise.
#include <algorithm>
#include <iterator>
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
  // The terminal is the person's meanwhile.
  virtual void Leave() {}
  virtual void Return() {}
};

// On the terminal's other screen, so that what was there comes back. As ls: what is not done.
class Screen final : public View {
 public:
  explicit Screen(Console& console) : console_(console) { Screen::Return(); }
  ~Screen() override { Screen::Leave(); }

  void Return() override { console_.Write("\x1b[?1049h\x1b[?25l"); }
  void Leave() override {
    console_.Write("\x1b[?25h\x1b[?1049l");
    console_.Flush();
  }

  void Show(const std::vector<Task>& tasks, const SyncStatus& status) override {
    const int width = console_.width();
    // The last line but one stays empty.
    const auto rows = static_cast<std::size_t>(std::max(console_.height() - 2, 1));
    std::vector<Task> open;
    std::copy_if(tasks.begin(), tasks.end(), std::back_inserter(open),
                 [](const Task& task) { return !task.completed; });
    const std::size_t hidden = open.size() - std::min(rows, open.size());
    open.resize(open.size() - hidden);
    std::string text = "\x1b[H";
    for (const std::string& line : ListLines(open, tasks, width, console_.palette()))
      absl::StrAppend(&text, line, "\x1b[K\r\n");
    // What a narrow terminal cuts off comes last.
    const std::string more = hidden > 0 ? absl::StrCat("… ", hidden, " more  ") : "";
    absl::StrAppend(&text, "\x1b[J\r\n",
                    console_.palette().Faint(Cut("Ctrl-C ends  " + more + Harmless(InWords(status)), width)));
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

// False: the program is to end.
bool AwaitMore(Bell& bell, View& view) {
  const Bell::Heard heard = bell.Await();
  if (heard == Bell::Heard::kPause) {
    view.Leave();
    bell.Pause();
    view.Return();
  }
  return heard != Bell::Heard::kEnd;
}

absl::Status ShowUntilTheEnd(Context& context, Bell& bell, View& view) {
  do {
    const absl::StatusOr<std::vector<Task>> tasks = context.manager.List();
    if (!tasks.ok()) return tasks.status();
    const absl::StatusOr<SyncStatus> status = context.manager.Status();
    if (!status.ok()) return status.status();
    view.Show(*tasks, *status);
    context.console.Flush();
  } while (AwaitMore(bell, view) && context.console.is_well());
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
