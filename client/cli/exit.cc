#include "client/cli/exit.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/text/when.h"
#include "client/transport/tells_code.h"
#include "common/status/error.h"

namespace tidemark::cli {
namespace {

Exit ExitOfCode(Code code) {
  switch (code) {
    case Code::kNotFound:
      return Exit::kNoSuchTask;
    case Code::kValidation:
    case Code::kWeakPassword:
    case Code::kInvalidEmail:
    case Code::kBodyTooLarge:
      return Exit::kUsage;
    case Code::kMissingToken:
    case Code::kInvalidToken:
    case Code::kExpiredToken:
    case Code::kBadCredentials:
    case Code::kTokenReused:
      return Exit::kLogIn;
    case Code::kUnavailable:
    case Code::kInternal:
    case Code::kRequestTimeout:
      return Exit::kUnreachable;
    default:
      return Exit::kRefused;
  }
}

// Of SQLite and of the locks beside it, also where the command asks the service: their codes are those of a
// service that does not answer.
bool IsOfStore(const absl::Status& status) {
  return absl::StartsWith(status.message(), "the local store") ||
         absl::StartsWith(status.message(), "the lock ");
}

bool Tells(const absl::Status& status, Code code) {
  return client::TellsCode(status) && ErrorInfoOf(status).code == code;
}

std::string AdviceOnRefusal(const absl::Status& status) {
  if (Tells(status, Code::kEmailTaken)) return "Log in instead: tidemark login EMAIL";
  const auto wait = ErrorInfoOf(status).details.retry_after;
  return wait ? absl::StrCat("Try again in ", InWords(*wait), ". Your tasks are kept on this device.")
              : "Your tasks are kept on this device; try again later: tidemark sync";
}

std::string Advice(const absl::Status& status, Exit exit, const Place& place) {
  switch (exit) {
    case Exit::kUsage:
      return "See tidemark --help.";
    case Exit::kNoSuchTask:
      return "See tidemark ls --all, or tidemark ls --deleted.";
    case Exit::kLogIn:
      if (absl::IsFailedPrecondition(status))
        return absl::StrCat("They are in ", place.folder,
                            ". For another account name another folder: TIDEMARK_HOME=…");
      if (Tells(status, Code::kBadCredentials))
        return "Try again, or make an account: tidemark register EMAIL";
      return "Log in: tidemark login EMAIL, or make an account: tidemark register EMAIL";
    case Exit::kUnreachable:
      return absl::StrCat("Your tasks are kept on this device; it was asked at ", place.server,
                          " (--server names another). Try again: tidemark sync");
    case Exit::kRefused:
      return AdviceOnRefusal(status);
    default:
      return absl::StrCat("The tasks are kept in ", place.folder, ".");
  }
}

std::string What(const absl::Status& status, Exit exit) {
  if (exit == Exit::kUnreachable && !client::TellsCode(status)) return "the service does not answer";
  if (absl::IsUnavailable(status) && exit == Exit::kBroken)
    return absl::StrCat("the store is in use or the disk is full: ", status.message());
  return std::string(status.message());
}

}  // namespace

Exit ExitOf(const absl::Status& status, Asked asked) {
  if (status.ok()) return Exit::kDone;
  if (client::TellsCode(status)) return ExitOfCode(ErrorInfoOf(status).code);
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return Exit::kUsage;
    case absl::StatusCode::kNotFound:
      return Exit::kNoSuchTask;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kFailedPrecondition:
      return Exit::kLogIn;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return asked == Asked::kService && !IsOfStore(status) ? Exit::kUnreachable : Exit::kBroken;
    case absl::StatusCode::kAborted:
      return Exit::kInterrupted;
    default:
      return Exit::kBroken;
  }
}

std::string Explain(const absl::Status& status, Exit exit, const Place& place) {
  if (exit == Exit::kInterrupted) return std::string(status.message());
  return absl::StrCat(What(status, exit), "\n", Advice(status, exit, place));
}

std::string NameOf(Exit exit) {
  switch (exit) {
    case Exit::kDone:
      return "done";
    case Exit::kBroken:
      return "broken";
    case Exit::kUsage:
      return "usage";
    case Exit::kNoSuchTask:
      return "no_such_task";
    case Exit::kLogIn:
      return "log_in";
    case Exit::kUnreachable:
      return "unreachable";
    case Exit::kRefused:
      return "refused";
    case Exit::kHeld:
      return "held";
    case Exit::kInterrupted:
      return "interrupted";
  }
  return "broken";
}

}  // namespace tidemark::cli
