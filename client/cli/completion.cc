#include "client/cli/completion.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace tidemark::cli {
namespace {

using What = Completable::What;

constexpr char kBash[] = R"bash(# bash completion of tidemark. Once: source <(tidemark completion bash)
_tidemark() {
  local tidemark=${COMP_WORDS[0]} current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  local command= words= found= options= given=' ' one i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --server|--ca-file) ((i++)) ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else given+="${COMP_WORDS[i]} "; fi ;;
    esac
  done
  case $command in
    "") words="@names" options="@everywhere" ;;
@cases  esac
  [[ $current != -* ]] || { words=$options found=; }
  # compgen -W would expand what it is given: only words of this script.
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  case $found in
    files) while IFS= read -r one; do COMPREPLY+=("$one"); done < <(compgen -f -- "$current")
           compopt -o filenames 2>/dev/null ;;
    ids*) while IFS=$'\t' read -r one _; do
            [[ $one != "$current"* || $given == *" $one "* ]] || { printf -v one %q "$one"; COMPREPLY+=("$one"); }
          done < <("$tidemark" complete-ids ${found#ids} 2>/dev/null) ;;
  esac
}
complete -F _tidemark tidemark
)bash";

constexpr char kZsh[] = R"zsh(#compdef tidemark
# zsh completion of tidemark. Once: source <(tidemark completion zsh)
_tidemark_ids() {
  local -a found
  local line id
  for line in ${(f)"$($words[1] complete-ids $argv 2>/dev/null)"}; do
    id=${line%%$'\t'*}
    (( ${words[3,CURRENT-1][(Ie)$id]} )) || found+=("${id//:/\\:}:${line#*$'\t'}")
  done
  _describe task found
}
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
# A shell whose .zshrc has not begun the completion.
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _tidemark tidemark
)zsh";

// What complete-ids is asked for; null: no ids are completed.
const char* IdsOf(What what) {
  switch (what) {
    case What::kTask:
    case What::kTasks:
      return "";
    case What::kOpen:
      return " --open";
    case What::kDone:
      return " --done";
    case What::kDeleted:
      return " --deleted";
    case What::kConflicts:
      return " --conflicts";
    default:
      return nullptr;
  }
}

std::string ShellWord(std::string_view text) {
  return absl::StrReplaceAll(absl::string_view(text.data(), text.size()), {{"'", ""}, {":", ""}});
}

std::string BashCase(const Completable& command) {
  std::string found;
  if (const char* ids = IdsOf(command.what)) found = absl::StrCat(" found='ids", ids, "'");
  if (command.what == What::kTask) found = " found=ids; [[ $given == ' ' ]] || found=;";
  if (command.what == What::kConflicts)
    found = " [[ $before != --restore && $before != --dismiss ]] || found='ids --conflicts';";
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
  if (const char* ids = IdsOf(command.what)) body = absl::StrCat("_tidemark_ids", ids, "; ");
  if (command.what == What::kTask) body = "(( CURRENT > 3 )) || _tidemark_ids; ";
  if (command.what == What::kConflicts)
    body = "[[ $words[CURRENT-1] != --(restore|dismiss) ]] || _tidemark_ids --conflicts; ";
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
  if (command.what == What::kFiles) return " -F";
  if (command.what == What::kShells) return " -a 'bash zsh fish'";
  const char* ids = IdsOf(command.what);
  if (ids == nullptr || command.what == What::kConflicts) return "";
  return absl::StrCat(" -a '(__tidemark_ids", ids, ")'");
}

// Fish asks this before it offers the arguments.
std::string FishCondition(const Completable& command) {
  const std::string seen = absl::StrCat("__fish_seen_subcommand_from ", command.name);
  return command.what == What::kTask ? absl::StrCat(seen, "; and test (count (commandline -opc)) -eq 2")
                                     : seen;
}

std::string FishOption(const Completable& command, const std::string& option) {
  const bool takes_key = command.what == What::kConflicts && (option == "--restore" || option == "--dismiss");
  return absl::StrCat("complete -c tidemark -n '__fish_seen_subcommand_from ", command.name, "' -l ",
                      option.substr(2), takes_key ? " -x -a '(__tidemark_ids --conflicts)'" : "", "\n");
}

std::string Fish(const std::vector<Completable>& commands) {
  std::string script = R"fish(# fish completion of tidemark. Once: tidemark completion fish | source
complete -c tidemark -f
function __tidemark_ids
  set -l given (commandline -opc)
  for line in (tidemark complete-ids $argv 2>/dev/null)
    contains -- (string split -f1 \t -- $line) $given; or printf '%s\n' $line
  end
end
)fish";
  for (const Completable& command : commands) {
    absl::StrAppend(&script, "complete -c tidemark -n __fish_use_subcommand -a ", command.name, " -d '",
                    ShellWord(command.summary), "'\n");
    if (const std::string more = FishArguments(command); !more.empty())
      absl::StrAppend(&script, "complete -c tidemark -n '", FishCondition(command), "'", more, "\n");
    for (const std::string& option : command.options) absl::StrAppend(&script, FishOption(command, option));
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
