#include "services/ratelimit/client/quota_reporter.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "common/log/log.h"

namespace tidemark::ratelimit {
namespace {

constexpr absl::Duration kTickEvery = absl::Milliseconds(250);
constexpr int kNameBytes = 12;

bool IsEmpty(const DayCounts& counts) { return counts == DayCounts(); }

}  // namespace

SendReport ReportTo(GrpcLimiter& limiter) {
  return [&limiter](QuotaReport report) { return limiter.Report(std::move(report)); };
}

QuotaReporter::QuotaReporter(Quota& quota, const Clock& clock, std::string name, SendReport send)
    : quota_(quota), clock_(clock), name_(std::move(name)), send_(std::move(send)) {}

Task<void> QuotaReporter::Tick() {
  if (quota_.DayIsOver()) {
    // What has waited until now was the old day's, which is of no use any more.
    waiting_.reset();
    quota_.BeginDay();
  }
  if (IsDue()) co_await Report();
  LogChange();
}

Task<void> QuotaReporter::Flush() {
  if (waiting_) co_await Report();
  if (!waiting_ && !IsEmpty(quota_.Unreported())) co_await Report();
}

bool QuotaReporter::IsDue() const {
  if (!last_sent_at_) return true;
  const absl::Duration since_last = absl::Milliseconds(clock_.Now().value - last_sent_at_->value);
  // A clock that was set back is not waited for.
  const absl::Duration pause = waiting_ ? kReportRetry : kReportAge;
  const bool waited = since_last >= pause || since_last < absl::ZeroDuration();
  if (waiting_) return waited;
  const DayCounts unreported = quota_.Unreported();
  return unreported[Resource::kRequests] >= kReportRequests || (waited && !IsEmpty(unreported));
}

Task<void> QuotaReporter::Report() {
  if (!waiting_) {
    waiting_ = QuotaReport{.reporter = name_, .number = ++last_number_, .counts = quota_.TakeUnreported()};
  }
  last_sent_at_ = clock_.Now();
  const absl::StatusOr<Day> day = co_await send_(*waiting_);
  if (!day.ok()) co_return;
  waiting_.reset();
  quota_.Learn(*day);
}

void QuotaReporter::LogChange() {
  const Today today = quota_.Look();
  if (today.state == state_ && today.cache_is_off == cache_is_off_) return;
  state_ = today.state;
  cache_is_off_ = today.cache_is_off;
  log::Info("quota_state", {{"state", NameOf(state_)}, {"cache_off", cache_is_off_}});
}

QuotaReporting::QuotaReporting(EventLoop& loop, Quota& quota, const Clock& clock, Random& random,
                               SendReport send)
    : loop_(loop),
      reporter_(quota, clock, absl::BytesToHexString(random.Bytes(kNameBytes)), std::move(send)) {
  ticking_.emplace(
      loop_, [] { return kTickEvery; }, [this](const std::atomic<bool>&) { return reporter_.Tick(); });
}

QuotaReporting::~QuotaReporting() {
  ticking_.reset();
  RunBlocking<void>(loop_, [this] { return reporter_.Flush(); });
}

}  // namespace tidemark::ratelimit
