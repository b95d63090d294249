// register, login, logout.
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/json_text.h"
#include "client/cli/progress.h"
#include "client/cli/prompt.h"
#include "client/cli/pushing.h"
#include "client/cli/text/counted.h"
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

enum class For { kRegister, kLogin };

absl::StatusOr<std::string> PasswordOf(const Arguments& args, const std::string& email, For what) {
  if (args.password_stdin) return PasswordFromStdin();
  if (what == For::kLogin) return AskPassword(absl::StrCat("Password for ", Harmless(email), ": "));
  absl::StatusOr<std::string> password =
      AskPassword(absl::StrCat("New password for ", Harmless(email), ", at least 10 characters: "));
  if (!password.ok()) return password;
  const absl::StatusOr<std::string> again = AskPassword("The same again: ");
  if (again.ok() && *again != *password) return absl::InvalidArgumentError("the two passwords differ");
  return again;
}

// Before a password is asked for: what cannot become anything.
absl::Status MayEnter(Context& context, const std::string& email, For what) {
  const absl::StatusOr<client::SyncStatus> status = context.manager.Status();
  if (!status.ok()) return status.status();
  if (what == For::kRegister && status->email == email) {
    const bool is_in = status->state != client::SyncStatus::State::kSignInNeeded;
    return absl::InvalidArgumentError(
        is_in ? absl::StrCat("you are logged in here as ", email)
              : absl::StrCat(email, " has an account already. Log in: tidemark login ", email));
  }
  // If nobody answers now, this device may still log in: the other service will say.
  const absl::Status there = context.manager.Probe();
  return absl::IsUnimplemented(there) ? there : absl::OkStatus();
}

absl::StatusOr<Exit> Enter(Context& context, For what,
                           absl::Status (client::SyncManager::*enter)(const client::Credentials&)) {
  const absl::StatusOr<std::string> email = EmailOf(context);
  if (!email.ok()) return email.status();
  if (absl::Status may = MayEnter(context, *email, what); !may.ok()) return may;
  const absl::StatusOr<std::string> password = PasswordOf(context.args, *email, what);
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
  } else if (!pushed.remark.empty()) {
    console.Remark(pushed.remark);
  }
  return Exit::kDone;
}

}  // namespace

absl::StatusOr<Exit> Register(Context& context) {
  return Enter(context, For::kRegister, &client::SyncManager::Register);
}

absl::StatusOr<Exit> Login(Context& context) {
  return Enter(context, For::kLogin, &client::SyncManager::Login);
}

absl::StatusOr<Exit> Logout(Context& context) {
  if (context.args.offline)
    return absl::InvalidArgumentError("logout tells the service: it and --offline exclude each other");
  const absl::StatusOr<client::Farewell> left = context.manager.Logout();
  if (!left.ok()) return left.status();
  const absl::StatusOr<client::SyncStatus> status = context.manager.Status();
  if (!status.ok()) return status.status();
  // A session that the service does not know is over as well.
  const bool is_over = left->told.ok() || absl::IsUnauthenticated(left->told);
  Console& console = context.console;
  if (console.json()) {
    console.Say(JsonObject()
                    .Add("email", status->email)
                    .Add("pending", status->pending)
                    .Add("was_logged_in", left->was_logged_in)
                    .Add("session_ended", is_over)
                    .text());
    return Exit::kDone;
  }
  console.Say(left->was_logged_in ? "Logged out. Your tasks stay on this device."
                                  : "Nobody was logged in. The tasks stay on this device.");
  if (!is_over) {
    console.Remark(
        absl::StrCat("The service could not be told (", left->told.message(),
                     "): there the session ends by itself when it has not been used for 30 days."));
  }
  if (status->pending > 0) {
    console.Remark(absl::StrCat(Counted(status->pending, "edit waits", "edits wait"),
                                " to be sent: log in again to send what waits."));
  }
  return Exit::kDone;
}

}  // namespace tidemark::cli
