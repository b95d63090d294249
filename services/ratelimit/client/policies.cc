#include "services/ratelimit/client/policies.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/text_format.h>

#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log/log.h"
#include "tidemark/v1/policy.pb.h"

namespace tidemark::ratelimit {
namespace {

using google::protobuf::TextFormat;

// Keeps the first error; lines and columns are counted from 0.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (text_.empty()) text_ = absl::StrCat(line + 1, ":", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// A parsed file that knows on which line each policy begins.
class LimitsFile {
 public:
  absl::Status Read(const std::string& path) {
    std::ifstream stream(path);
    if (!stream) return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
    FirstError error;
    TextFormat::Parser parser;
    parser.RecordErrorsTo(&error);
    parser.WriteLocationsTo(&locations_);
    google::protobuf::io::IstreamInputStream input(&stream);
    if (parser.Parse(&input, &message_)) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(path, ":", error.text()));
  }

  const v1::PolicySet& message() const { return message_; }

  // Of a policy.
  int LineOf(int policy) const { return LineOf(v1::PolicySet::kPoliciesFieldNumber, policy); }
  int LineOfBudgets() const { return LineOf(v1::PolicySet::kBudgetsFieldNumber, 0); }

 private:
  int LineOf(int field_number, int index) const {
    const auto* field = v1::PolicySet::descriptor()->FindFieldByNumber(field_number);
    // A field that is there at most once has no index.
    return locations_.GetLocation(field, field->is_repeated() ? index : -1).line + 1;
  }

  v1::PolicySet message_;
  TextFormat::ParseInfoTree locations_;
};

absl::StatusOr<Policy> Decode(const v1::Policy& message) {
  switch (message.kind_case()) {
    case v1::Policy::kTokenBucket:
      return Policy{message.name(),
                    TokenBucket{message.token_bucket().capacity(),
                                absl::Milliseconds(message.token_bucket().refill_interval_ms())}};
    case v1::Policy::kDailyCounter:
      return Policy{message.name(), DailyCounter{message.daily_counter().limit()}};
    case v1::Policy::KIND_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("policy \"", message.name(), "\": neither token_bucket nor daily_counter is set"));
}

absl::Status AddTo(PolicySet& policies, const v1::Policy& message) {
  absl::StatusOr<Policy> policy = Decode(message);
  if (!policy.ok()) return policy.status();
  return policies.Add(*std::move(policy));
}

Budgets Decode(const v1::Budgets& message) {
  Budgets budgets;
  if (message.has_requests()) budgets[Resource::kRequests] = message.requests();
  if (message.has_database_reads()) budgets[Resource::kDatabaseReads] = message.database_reads();
  if (message.has_database_writes()) budgets[Resource::kDatabaseWrites] = message.database_writes();
  if (message.has_cache_reads()) budgets[Resource::kCacheReads] = message.cache_reads();
  if (message.has_cache_writes()) budgets[Resource::kCacheWrites] = message.cache_writes();
  return budgets;
}

absl::Status CheckComplete(const PolicySet& policies) {
  for (std::string_view name : kPolicyNames) {
    if (policies.Find(name) == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("no policy is named \"", std::string(name), "\""));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Limits> LoadLimits(const std::string& path) {
  LimitsFile file;
  if (absl::Status read = file.Read(path); !read.ok()) return read;
  const auto at_line = [&path](int line, const absl::Status& status) {
    return absl::InvalidArgumentError(absl::StrCat(path, ":", line, ": ", status.message()));
  };
  Limits limits;
  for (int i = 0; i < file.message().policies_size(); ++i) {
    const absl::Status added = AddTo(limits.policies, file.message().policies(i));
    if (!added.ok()) return at_line(file.LineOf(i), added);
  }
  limits.budgets = Decode(file.message().budgets());
  const absl::Status bounded = CheckBudgets(limits.budgets);
  if (!bounded.ok()) return at_line(file.LineOfBudgets(), bounded);
  if (absl::Status complete = CheckComplete(limits.policies); !complete.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", complete.message()));
  }
  return limits;
}

void ReloadLimits(const std::string& path, Versioned<Limits>& limits) {
  absl::StatusOr<Limits> loaded = LoadLimits(path);
  if (!loaded.ok()) {
    log::Error("limits_refused", {{"status", loaded.status().ToString()}});
    return;
  }
  limits.Replace(*std::move(loaded));
  log::Info("limits_loaded", {{"path", path}});
}

const Policy& PolicyNamed(const PolicySet& policies, const std::string& name) {
  const Policy* policy = policies.Find(name);
  if (policy == nullptr) {
    log::Error("unknown_policy", {{"policy", name}});
    std::abort();
  }
  return *policy;
}

}  // namespace tidemark::ratelimit
