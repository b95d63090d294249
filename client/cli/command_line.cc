#include "client/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/completion.h"
#include "client/cli/json_text.h"
#include "client/cli/text/harmless.h"
#include "client/cli/text/nearest.h"

namespace tidemark::cli {
namespace {

constexpr char kAbout[] = "Tasks that are kept on this device and travel to your other devices.";

constexpr char kFooter[] = R"(
Begin with:  tidemark register ada@example.org  (or login, with an account)
             tidemark add Buy milk
             tidemark ls
             tidemark done 3f2a                 (an id's first letters do)

Exit codes:  0 done (an edit is stored, sent or not)
             1 something on this device is broken
             2 wrong use                        3 no such task, or several
             4 log in                           5 the service does not answer
             6 the service refuses, for now or for good
             7 tidemark agree or refuse is asked for

Files:       $TIDEMARK_HOME, $XDG_DATA_HOME/tidemark or ~/.local/share/tidemark
Service:     --server, $TIDEMARK_SERVER, or what login remembered
)";

constexpr char kEverywhere[] =
    "Everywhere: --json --offline --server ADDRESS[,AUTH-ADDRESS] --ca-file FILE\n";
constexpr const char* kEverywhereNames[] = {"--json", "--offline", "--server", "--ca-file"};
constexpr char kIds[] = "the first letters of ids, as ls shows them";

// CLI11 takes "[a,b]" for a list of two words, whatever it is asked.
constexpr char kNoList = '\x01';

std::vector<std::string> Protected(int argc, const char* const* argv) {
  std::vector<std::string> words;
  // CLI11 wants them the last one first.
  for (int i = argc - 1; i > 0; --i) {
    words.emplace_back(argv[i]);
    if (words.back().substr(0, 1) == "[") words.back().insert(0, 1, kNoList);
  }
  return words;
}

void Unprotect(std::vector<std::string>& words) {
  for (std::string& word : words) {
    if (!word.empty() && word.front() == kNoList) word.erase(0, 1);
  }
}

class Grammar {
 public:
  explicit Grammar(Arguments& args) : args_(args), app_(kAbout, "tidemark") {
    app_.fallthrough();
    app_.require_subcommand(0, 1);
    app_.footer(kFooter);
    app_.set_version_flag("--version", "tidemark " TIDEMARK_VERSION);
    app_.add_flag("--json", args_.json, "results and errors as JSON");
    app_.add_flag("--offline,--no-sync", args_.offline, "do not ask the service");
    app_.add_option("--server", args_.server, "[https://]host:port, or two of them: SYNC,AUTH")
        ->type_name("ADDRESS");
    app_.add_option("--ca-file", args_.ca_file, "PEM of who may vouch for a server (TLS)")->type_name("FILE");
    AddTasks();
    AddLists();
    AddSyncing();
    AddAccount();
    AddMoving();
  }

  CLI::App& app() { return app_; }

  std::vector<Completable> Describe() const {
    std::vector<Completable> commands;
    for (const CLI::App* sub :
         app_.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); })) {
      Completable command{.name = sub->get_name(),
                          .summary = sub->get_description(),
                          .options = {},
                          .what = WhatOf(sub->get_name())};
      for (const CLI::Option* option : sub->get_options()) {
        for (const std::string& name : option->get_lnames()) command.options.push_back("--" + name);
      }
      for (const char* name : kEverywhereNames) command.options.emplace_back(name);
      commands.push_back(std::move(command));
    }
    return commands;
  }

 private:
  static Completable::What WhatOf(const std::string& name) {
    using What = Completable::What;
    static const std::map<std::string, What> kWhat = {
        {"edit", What::kTask},    {"history", What::kTask},    {"pin", What::kTasks},
        {"unpin", What::kTasks},  {"rm", What::kTasks},        {"done", What::kOpen},
        {"undone", What::kDone},  {"restore", What::kDeleted}, {"conflicts", What::kConflicts},
        {"import", What::kFiles}, {"export", What::kFiles},    {"completion", What::kShells},
    };
    const auto found = kWhat.find(name);
    return found == kWhat.end() ? What::kNothing : found->second;
  }

  CLI::App* AddCommand(const char* group, const char* name, const char* summary) {
    CLI::App* command = app_.add_subcommand(name, summary);
    command->group(group)->footer(kEverywhere);
    return command;
  }

  void AddOnIds(const char* group, const char* name, const char* summary) {
    AddCommand(group, name, summary)->add_option("ID", args_.ids, kIds)->required()->type_name("");
  }

  void AddText(CLI::App* command, const char* about) {
    command->add_option("TEXT", args_.words, about)->required()->type_name("");
  }

  void AddTasks() {
    const char* group = "Tasks";
    AddText(AddCommand(group, "add", "Add a task"), "its text; - is stdin, -- comes before one with -");
    CLI::App* edit = AddCommand(group, "edit", "Give a task another text");
    edit->add_option("ID", args_.id, "the first letters of the task's id")->required()->type_name("");
    AddText(edit, "the new text; - reads it from stdin");
    AddOnIds(group, "done", "Mark tasks as done");
    AddOnIds(group, "undone", "Mark tasks as not done");
    AddOnIds(group, "pin", "Pin tasks: they are listed first");
    AddOnIds(group, "unpin", "Unpin tasks");
    AddOnIds(group, "rm", "Delete tasks; restore brings them back");
    AddOnIds(group, "restore", "Bring deleted tasks back");
  }

  void AddLists() {
    const char* group = "Lists";
    CLI::App* ls = AddCommand(group, "ls", "List what is not done; ^ waits to be sent");
    ls->add_option("WORD", args_.words, "only tasks that hold all of these")->type_name("");
    auto* all = ls->add_flag("-a,--all", args_.all, "done ones as well");
    auto* done = ls->add_flag("--done", args_.done, "only done ones");
    auto* deleted = ls->add_flag("--deleted", args_.deleted, "deleted ones that can be restored");
    all->excludes(done)->excludes(deleted);
    done->excludes(deleted);
    ls->add_flag("--full", args_.full, "do not cut texts to the terminal's width");
    CLI::App* history = AddCommand(group, "history", "Earlier values of a task, from the service");
    history->add_option("ID", args_.id, "the first letters of the task's id")->required()->type_name("");
    CLI::App* conflicts = AddCommand(group, "conflicts", "What was overwritten, and what was refused");
    auto* restore = conflicts->add_option("--restore", args_.restore, "take the discarded value up again")
                        ->type_name("KEY");
    auto* dismiss = conflicts->add_option("--dismiss", args_.dismiss, "put it away")->type_name("KEY");
    auto* dismiss_all = conflicts->add_flag("--dismiss-all", args_.all, "put everything away");
    restore->excludes(dismiss)->excludes(dismiss_all);
    dismiss->excludes(dismiss_all);
    CLI::App* ids = AddCommand("", "complete-ids", "ids for the completion scripts");
    ids->add_flag("--deleted", args_.deleted);
    ids->add_flag("--done", args_.done);
    ids->add_flag("--open", args_.open);
    ids->add_flag("--conflicts", args_.conflicts);
  }

  void AddSyncing() {
    const char* group = "Syncing";
    AddCommand(group, "sync", "Send and fetch now");
    AddCommand(group, "watch", "Stay in front: show each change as it comes");
    AddCommand(group, "status", "How this device stands");
    AddCommand(group, "agree", "Let an answer that was held remove many tasks");
    AddCommand(group, "refuse", "Keep those tasks, and send them again");
  }

  void AddAccount() {
    const char* group = "Account";
    for (const auto& [name, summary] : {std::pair("register", "Make an account, and log in"),
                                        std::pair("login", "Log in; the server is remembered")}) {
      CLI::App* command = AddCommand(group, name, summary);
      command->add_option("EMAIL", args_.email, "asked for if it is not given")->type_name("");
      command->add_flag("--password-stdin", args_.password_stdin, "the first line of stdin is it");
    }
    AddCommand(group, "logout", "Log out; tasks and unsent edits stay here");
    AddCommand(group, "devices", "Your devices, and how far each has got");
  }

  void AddMoving() {
    const char* group = "Moving";
    CLI::App* out = AddCommand(group, "export", "Write all tasks, a JSON object a line");
    out->add_option("FILE", args_.file, "default: stdout")->type_name("");
    out->add_flag("--todo-txt", args_.todo_txt, "in the format of todo.txt");
    CLI::App* in = AddCommand(group, "import", "Take in what export wrote, or a todo.txt");
    in->add_option("FILE", args_.file, "- is stdin")->required()->type_name("");
    in->add_flag("--todo-txt", args_.todo_txt, "a todo.txt, though it looks like JSON");
    AddCommand(group, "completion", "Print a completion script for a shell")
        ->add_option("SHELL", args_.shell, "bash, zsh or fish")
        ->required()
        ->type_name("");
  }

  Arguments& args_;
  CLI::App app_;
};

// Whatever else is wrong: how the error is to be told.
bool WantsJson(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    if (std::string_view(argv[i]) == "--json") return true;
  }
  return false;
}

// Lines: what is wrong, and what would be right.
Exit SayUsage(const std::string& what, const std::string& command, bool json) {
  const std::string see = "See tidemark " + command + (command.empty() ? "" : " ") + "--help.";
  if (json) {
    std::fprintf(
        stderr, "%s\n",
        JsonObject().Add("error", NameOf(Exit::kUsage)).Add("message", what + "\n" + see).text().c_str());
    return Exit::kUsage;
  }
  std::fprintf(stderr, "tidemark: ");
  for (std::string_view rest = what; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    std::fprintf(stderr, "%s\n", Harmless(line).c_str());
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  std::fprintf(stderr, "%s\n", see.c_str());
  return Exit::kUsage;
}

std::string CommandOf(const CLI::App& app) {
  const std::vector<CLI::App*> commands = app.get_subcommands();
  return commands.empty() ? "" : commands.front()->get_name();
}

Exit SayCompletion(const Grammar& grammar, const Arguments& args) {
  const absl::StatusOr<std::string> script = CompletionScript(args.shell, grammar.Describe());
  if (!script.ok()) return SayUsage(std::string(script.status().message()), "completion", args.json);
  std::fputs(script->c_str(), stdout);
  return Exit::kDone;
}

// The first word that is no option, nor the value of one.
std::string FirstWord(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--server" || word == "--ca-file") {
      ++i;
    } else if (word.substr(0, 1) != "-") {
      return std::string(word);
    }
  }
  return "";
}

bool HasCommand(const std::vector<Completable>& commands, const std::string& name) {
  return std::any_of(commands.begin(), commands.end(),
                     [&](const Completable& command) { return command.name == name; });
}

std::string NoSuchCommand(const std::string& word, const std::vector<Completable>& commands) {
  std::vector<std::string> names;
  for (const Completable& command : commands) names.push_back(command.name);
  const std::string near = NearestCommand(word, names);
  return absl::StrCat("there is no command ", word, near.empty() ? "" : "\nDid you mean: tidemark " + near);
}

bool IsEverywhere(std::string_view word) {
  const auto* const end = std::end(kEverywhereNames);
  return std::find(std::begin(kEverywhereNames), end, word) != end;
}

// What CLI11 does not say: what was probably meant.
std::string Explained(const std::string& what, const std::string& command, int argc,
                      const char* const* argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const bool names_password = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "--password" || word.substr(0, 11) == "--password=";
  });
  if ((command == "register" || command == "login") && names_password) {
    return "a password is not named on the command line, where others can read it\nIt is asked for, or is "
           "the "
           "first line of stdin with --password-stdin.";
  }
  const bool has_dash = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word.size() > 1 && word.front() == '-' && !IsEverywhere(word);
  });
  if ((command == "add" || command == "edit") && has_dash)
    return what + "\nA text that begins with - comes after --, such as: tidemark add -- -5 degrees";
  return what;
}

}  // namespace

CommandLine Parse(int argc, const char* const* argv) {
  CommandLine line;
  Grammar grammar(line.args);
  CLI::App& app = grammar.app();
  try {
    app.parse(Protected(argc, argv));
  } catch (const CLI::Success& asked) {
    // Help and version.
    app.exit(asked);
    line.over = Exit::kDone;
    return line;
  } catch (const CLI::ParseError& error) {
    const std::string command = CommandOf(app), word = FirstWord(argc, argv);
    const bool is_unknown = command.empty() && !word.empty() && !HasCommand(grammar.Describe(), word);
    const std::string what =
        is_unknown ? NoSuchCommand(word, grammar.Describe()) : Explained(error.what(), command, argc, argv);
    line.over = SayUsage(what, command, WantsJson(argc, argv));
    return line;
  }
  line.args.command = CommandOf(app);
  Unprotect(line.args.words);
  Unprotect(line.args.ids);
  if (line.args.command.empty() && line.args.json) {
    line.over = SayUsage("a command is missing", "", true);
  } else if (line.args.command.empty()) {
    std::fputs(app.help().c_str(), stderr);
    line.over = Exit::kUsage;
  } else if (line.args.command == "completion") {
    line.over = SayCompletion(grammar, line.args);
  }
  return line;
}

}  // namespace tidemark::cli
