#include "services/sync/storage/postgres/pushes.h"

#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "common/pg/failure.h"
#include "services/sync/storage/postgres/push_transaction.h"

namespace tidemark::sync {
namespace {

void Answer(WaitingPush& push, absl::StatusOr<Pushed> outcome) {
  // What it holds is released before its caller goes on.
  push.decide = nullptr;
  push.done(std::move(outcome));
}

void TryAlone(pg::Pool& pool, std::unique_ptr<WaitingPush> push) {
  struct Job {
    PushGroup alone;
    std::optional<Pushed> pushed;
  };
  const auto job = std::make_shared<Job>();
  job->alone.push_back(std::move(push));
  pool.Submit(
      [job](pg::Connection& db) {
        job->pushed = PushAlone(db, job->alone);
        return absl::OkStatus();
      },
      [job](const absl::Status& status) {
        WaitingPush& tried = *job->alone.front();
        status.ok() ? Answer(tried, *std::move(job->pushed)) : Answer(tried, status);
      });
}

// A job of the pool: one group. It may outlive the store, never the pool.
class GroupJob {
 public:
  static void Submit(pg::Pool& pool, const std::shared_ptr<PushGroups>& groups) {
    const auto job = std::make_shared<GroupJob>(pool, groups);
    pool.Submit([job](pg::Connection& db) { return job->Run(db); },
                [job](const absl::Status& status) { job->End(status); });
  }

  GroupJob(pg::Pool& pool, std::shared_ptr<PushGroups> groups) : pool_(pool), groups_(std::move(groups)) {}

 private:
  absl::Status Run(pg::Connection& db) {
    ran_ = true;
    group_ = groups_->Take();
    if (group_.empty()) return absl::OkStatus();
    try {
      pushed_ = PushTogether(db, group_);
    } catch (const std::exception& thrown) {
      // Lost in the midst of a commit, it may be stored; else none of it is, and one of them is to blame.
      apart_ = pg::FailureOf(thrown).aftermath != pg::Failure::Aftermath::kLost;
      throw;
    }
    return absl::OkStatus();
  }

  // What was left open is rolled back by now: whoever is told that nothing was stored may find it so.
  void End(const absl::Status& status) {
    if (!ran_) RefuseAll(status);
    // Those that come again find the next group on its way.
    if (groups_->Done()) Submit(pool_, groups_);
    for (std::size_t i = 0; i < group_.size(); ++i) {
      if (status.ok() && pushed_[i]) {
        Answer(*group_[i], *std::move(pushed_[i]));
      } else if (status.ok() || apart_) {
        TryAlone(pool_, std::move(group_[i]));
      } else {
        Answer(*group_[i], status);
      }
    }
  }

  // Whoever came later would be told the same.
  void RefuseAll(const absl::Status& status) {
    for (PushGroup refused = groups_->Take(); !refused.empty(); refused = groups_->Take()) {
      for (const std::unique_ptr<WaitingPush>& push : refused) Answer(*push, status);
    }
  }

  pg::Pool& pool_;
  const std::shared_ptr<PushGroups> groups_;
  bool ran_ = false;
  PushGroup group_;
  // In their order.
  std::vector<std::optional<Pushed>> pushed_;
  // Nothing was stored, and each is to be tried alone.
  bool apart_ = false;
};

}  // namespace

void Pushes::Start(WaitingPush push) {
  auto waiting = std::make_unique<WaitingPush>(std::move(push));
  if (!MayShare(waiting->query)) return TryAlone(pool_, std::move(waiting));
  switch (groups_->Add(waiting)) {
    case PushGroups::Added::kStart:
      return GroupJob::Submit(pool_, groups_);
    case PushGroups::Added::kWaits:
      return;
    case PushGroups::Added::kFull:
      return Answer(*waiting, pg::QueueFull());
  }
}

}  // namespace tidemark::sync
