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

std::string TryAgain(const Place& place) { return absl::StrCat("Try again: tidemark ", place.command); }

std::string AdviceOnRefusal(const absl::Status& status, const Place& place) {
  if (Tells(status, Code::kEmailTaken)) return "Log in instead: tidemark login EMAIL";
  const auto wait = ErrorInfoOf(status).details.retry_after;
  return wait ? absl::StrCat("Try again in ", InWords(*wait), ". Your tasks are kept on this device.")
              : absl::StrCat("Your tasks are kept on this device. Later: tidemark ", place.command);
}

std::string AdviceOnStore(const absl::Status& status, const Place& place) {
  const std::string folder = absl::StrCat("The tasks are kept in ", place.folder, ".");
  if (absl::IsResourceExhausted(status) && IsOfStore(status)) {
    return absl::StrCat(
        "Nothing that was stored is lost, and it can be read (tidemark ls). Free some space "
        "on the disk, and do it again. ",
        folder);
  }
  if (absl::IsDataLoss(status)) {
    return absl::StrCat(folder,
                        " Move tasks.db and the files beside it away, such as to tasks.db.broken, "
                        "and fetch what the service has: tidemark login EMAIL");
  }
  return folder;
}

// Empty: the status says it all.
std::string Advice(const absl::Status& status, Exit exit, const Place& place) {
  switch (exit) {
    case Exit::kUsage:
    case Exit::kNoSuchTask:
      return "";
    case Exit::kLogIn:
      if (absl::IsFailedPrecondition(status))
        return absl::StrCat("They are in ", place.folder,
                            ". For another account name another folder: TIDEMARK_HOME=…");
      if (Tells(status, Code::kBadCredentials))
        return "Try again, or make an account: tidemark register EMAIL";
      return "Log in: tidemark login EMAIL, or make an account: tidemark register EMAIL";
    case Exit::kUnreachable:
      if (absl::IsUnimplemented(status)) {
        return absl::StrCat("The address was ", place.server,
                            ". Name the one of both services, or each: --server SYNC,AUTH");
      }
      return absl::StrCat("Your tasks are kept on this device; it was asked at ", place.server,
                          " (--server names another). ", TryAgain(place));
    case Exit::kRefused:
      return AdviceOnRefusal(status, place);
    default:
      return AdviceOnStore(status, place);
  }
}

std::string What(const absl::Status& status, Exit exit) {
  const std::string message(status.message());
  if (exit == Exit::kUnreachable && !client::TellsCode(status) && !absl::IsUnimplemented(status))
    return absl::StrCat("the service does not answer", message.empty() ? "" : ": ", message);
  return message;
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
    case absl::StatusCode::kUnimplemented:
      return Exit::kUnreachable;
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
  const std::string what = What(status, exit);
  const std::string advice = absl::StrContains(what, "\n") ? "" : Advice(status, exit, place);
  return advice.empty() ? what : absl::StrCat(what, "\n", advice);
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
