#include "client/cli/completion.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace tidemark::cli {
namespace {

using What = Completable::What;

constexpr char kBash[] = R"(# bash completion of tidemark. Once: source <(tidemark completion bash)
_tidemark() {
  local tidemark=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} command= words= found= options= one i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --server|--ca-file) ((i++)) ;;
      -*) ;;
      *) command=${COMP_WORDS[i]}; break ;;
    esac
  done
  case $command in
    "") words="@names" options="@everywhere" ;;
@cases  esac
  [[ $current != -* ]] || words=$options found=
  # compgen -W would expand what it is given: only words of this script.
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case $found in
    files) while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -f -- "$current")
           compopt -o filenames 2>/dev/null ;;
    ids*) while IFS=$'\t' read -r one _; do
            [[ $one != "$current"* ]] || { printf -v one %q "$one"; COMPREPLY+=("$one"); }
          done < <("$tidemark" complete-ids ${found#ids} 2>/dev/null) ;;
  esac
}
complete -F _tidemark tidemark
)";

constexpr char kZsh[] = R"(#compdef tidemark
# zsh completion of tidemark. Once: source <(tidemark completion zsh)
_tidemark() {
  local -a found
  if (( CURRENT == 2 )); then
    found=(
@names    )
    _describe command found
    return
  fi
  case $words[2] in
@cases  esac
}
compdef _tidemark tidemark
)";

std::string ShellWord(std::string_view text) {
  return absl::StrReplaceAll(absl::string_view(text.data(), text.size()), {{"'", ""}, {":", ""}});
}

std::string BashCase(const Completable& command) {
  std::string found;
  if (command.what == What::kTasks) found = " found=ids";
  if (command.what == What::kDeleted) found = " found='ids --deleted'";
  if (command.what == What::kFiles) found = " found=files";
  if (command.what == What::kShells) found = " words='bash zsh fish'";
  return absl::StrCat("    ", command.name, ")", found, " options=\"", absl::StrJoin(command.options, " "),
                      "\" ;;\n");
}

std::string Bash(const std::vector<Completable>& commands) {
  std::string names, cases;
  for (const Completable& command : commands) {
    absl::StrAppend(&names, names.empty() ? "" : " ", command.name);
    cases += BashCase(command);
  }
  return absl::StrReplaceAll(kBash,
                             {{"@names", names},
                              {"@cases", cases},
                              {"@everywhere", "--help --version --json --offline --server --ca-file"}});
}

std::string ZshCase(const Completable& command) {
  std::string body;
  if (command.what == What::kTasks || command.what == What::kDeleted) {
    body = absl::StrCat("found=(${(f)\"$($words[1] complete-ids",
                        command.what == What::kDeleted ? " --deleted" : "",
                        " 2>/dev/null | sed 's/:/\\\\:/g; s/\\t/:/')\"}); _describe task found; ");
  }
  if (command.what == What::kFiles) body = "_files; ";
  if (command.what == What::kShells) body = "compadd bash zsh fish; ";
  return absl::StrCat("    ", command.name, ") ", body, "compadd -- ", absl::StrJoin(command.options, " "),
                      " ;;\n");
}

std::string Zsh(const std::vector<Completable>& commands) {
  std::string names, cases;
  for (const Completable& command : commands) {
    absl::StrAppend(&names, "      '", command.name, ":", ShellWord(command.summary), "'\n");
    cases += ZshCase(command);
  }
  return absl::StrReplaceAll(kZsh, {{"@names", names}, {"@cases", cases}});
}

std::string FishArguments(const Completable& command) {
  switch (command.what) {
    case What::kTasks:
      return " -a '(tidemark complete-ids 2>/dev/null)'";
    case What::kDeleted:
      return " -a '(tidemark complete-ids --deleted 2>/dev/null)'";
    case What::kFiles:
      return " -F";
    case What::kShells:
      return " -a 'bash zsh fish'";
    case What::kNothing:
      break;
  }
  return "";
}

std::string Fish(const std::vector<Completable>& commands) {
  std::string script =
      "# fish completion of tidemark. Once: tidemark completion fish | source\ncomplete -c tidemark -f\n";
  for (const Completable& command : commands) {
    absl::StrAppend(&script, "complete -c tidemark -n __fish_use_subcommand -a ", command.name, " -d '",
                    ShellWord(command.summary), "'\n");
    const std::string seen =
        absl::StrCat("complete -c tidemark -n '__fish_seen_subcommand_from ", command.name, "'");
    if (const std::string more = FishArguments(command); !more.empty())
      absl::StrAppend(&script, seen, more, "\n");
    for (const std::string& option : command.options)
      absl::StrAppend(&script, seen, " -l ", option.substr(2), "\n");
  }
  return script;
}

}  // namespace

absl::StatusOr<std::string> CompletionScript(std::string_view shell,
                                             const std::vector<Completable>& commands) {
  if (shell == "bash") return Bash(commands);
  if (shell == "zsh") return Zsh(commands);
  if (shell == "fish") return Fish(commands);
  return absl::InvalidArgumentError("there are completions for bash, zsh and fish");
}

}  // namespace tidemark::cli
