#include "services/sync/storage/postgres/pushes.h"

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "common/pg/failure.h"
#include "services/sync/storage/postgres/push_transaction.h"

namespace tidemark::sync {
namespace {

// One job of the pool. It may outlive the store, never the pool.
class Job {
 public:
  // `push` waits in `groups`.
  static void Submit(pg::Pool& pool, std::shared_ptr<PushGroups> groups, std::shared_ptr<WaitingPush> push) {
    const auto job = std::make_shared<Job>(pool, std::move(groups), std::move(push));
    pool.Submit([job](pg::Connection& db) { return job->Run(db); },
                [job](const absl::Status& status) { job->End(status); });
  }

  Job(pg::Pool& pool, std::shared_ptr<PushGroups> groups, std::shared_ptr<WaitingPush> push)
      : pool_(pool), groups_(std::move(groups)), push_(std::move(push)) {}

 private:
  absl::Status Run(pg::Connection& db) {
    group_ = groups_->TakeWith(push_);
    if (group_.empty()) return absl::OkStatus();
    try {
      pushed_ = PushTogether(db, group_);
    } catch (const std::exception& thrown) {
      // Lost in the midst of a commit, it may be stored; else none of it is, and one of them is to blame.
      apart_ = group_.size() > 1 && pg::FailureOf(thrown).aftermath != pg::Failure::Aftermath::kLost;
      throw;
    }
    return absl::OkStatus();
  }

  // What was left open is rolled back by now: whoever is told that nothing was stored may find it so.
  void End(const absl::Status& status) {
    const bool never_ran = !status.ok() && group_.empty();
    if (never_ran && groups_->Take(push_)) group_.push_back(push_);
    for (std::size_t i = 0; i < group_.size(); ++i) {
      if (!status.ok()) {
        apart_ ? TryAlone(group_[i]) : Answer(*group_[i], status);
      } else {
        pushed_[i] ? Answer(*group_[i], *std::move(pushed_[i])) : TryAlone(group_[i]);
      }
    }
  }

  void TryAlone(const std::shared_ptr<WaitingPush>& push) {
    if (groups_->PutBack(push)) Submit(pool_, groups_, push);
  }

  static void Answer(WaitingPush& push, absl::StatusOr<Pushed> outcome) {
    // What it holds is released before its caller goes on; the push itself may wait for its job to pass by.
    push.decide = nullptr;
    push.done(std::move(outcome));
  }

  pg::Pool& pool_;
  const std::shared_ptr<PushGroups> groups_;
  const std::shared_ptr<WaitingPush> push_;
  PushGroup group_;
  // In their order.
  std::vector<std::optional<Pushed>> pushed_;
  // Nothing was stored, and each is to be tried alone.
  bool apart_ = false;
};

}  // namespace

void Pushes::Start(WaitingPush push) {
  auto waiting = std::make_shared<WaitingPush>(std::move(push));
  groups_->Add(waiting);
  Job::Submit(pool_, groups_, std::move(waiting));
}

}  // namespace tidemark::sync
