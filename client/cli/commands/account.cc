// register, login, logout.
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json_text.h"
#include "client/cli/progress.h"
#include "client/cli/prompt.h"
#include "client/cli/pushing.h"
#include "client/cli/text/harmless.h"

namespace tidemark::cli {
namespace {

// A first sync brings everything.
constexpr absl::Duration kPatience = absl::Minutes(10);

absl::StatusOr<std::string> EmailOf(Context& context) {
  if (!context.args.email.empty()) return context.args.email;
  const absl::StatusOr<client::SyncStatus> status = context.manager.Status();
  if (status.ok() && !status->email.empty()) return status->email;
  return AskLine("Email: ");
}

enum class Twice { kNo, kYes };

absl::StatusOr<std::string> PasswordOf(const Arguments& args, Twice twice) {
  if (args.password_stdin) return PasswordFromStdin();
  absl::StatusOr<std::string> password = AskPassword("Password: ");
  if (!password.ok() || twice == Twice::kNo) return password;
  const absl::StatusOr<std::string> again = AskPassword("The same again: ");
  if (again.ok() && *again != *password) return absl::InvalidArgumentError("the two passwords differ");
  return again;
}

absl::StatusOr<Exit> Enter(Context& context, Twice twice,
                           absl::Status (client::SyncManager::*enter)(const client::Credentials&)) {
  const absl::StatusOr<std::string> email = EmailOf(context);
  if (!email.ok()) return email.status();
  const absl::StatusOr<std::string> password = PasswordOf(context.args, twice);
  if (!password.ok()) return password.status();
  if (absl::Status entered = (context.manager.*enter)({.email = *email, .password = *password});
      !entered.ok())
    return entered;
  if (absl::Status remembered = Remember(context.home); !remembered.ok()) return remembered;
  Console& console = context.console;
  console.SayToPerson(absl::StrCat("Logged in as ", Harmless(*email), "."));
  console.Flush();
  Pushed pushed;
  {
    const Progress progress(context);
    pushed = Push(context, kPatience);
  }
  if (console.json()) {
    console.Say(
        JsonObject().Add("email", *email).Add("synced", pushed.sent).Add("remark", pushed.remark).text());
  } else if (!pushed.remark.empty() && !context.args.offline) {
    console.Remark(pushed.remark);
  }
  return Exit::kDone;
}

}  // namespace

absl::StatusOr<Exit> Register(Context& context) {
  return Enter(context, Twice::kYes, &client::SyncManager::Register);
}

absl::StatusOr<Exit> Login(Context& context) {
  return Enter(context, Twice::kNo, &client::SyncManager::Login);
}

absl::StatusOr<Exit> Logout(Context& context) {
  if (absl::Status left = context.manager.Logout(); !left.ok()) return left;
  const absl::StatusOr<client::SyncStatus> status = context.manager.Status();
  if (!status.ok()) return status.status();
  Console& console = context.console;
  if (console.json()) {
    console.Say(JsonObject().Add("email", status->email).Add("pending", status->pending).text());
    return Exit::kDone;
  }
  console.Say("Logged out. Your tasks stay on this device.");
  if (status->pending > 0)
    console.Remark(absl::StrCat(status->pending, " edits wait to be sent: log in again to send them."));
  return Exit::kDone;
}

}  // namespace tidemark::cli
