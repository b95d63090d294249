#include "common/pg/pool_metrics.h"

namespace tidemark::pg {
namespace {

const std::vector<double> kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};

}  // namespace

const char* NameOf(Rank rank) { return rank == Rank::kRead ? "read" : "write"; }

RefusedJobs::RefusedJobs(metrics::Registry* registry) {
  if (registry == nullptr) return;
  const auto add = [this, registry](Rank rank, Reason reason, const char* name) {
    counters_[static_cast<size_t>(rank)][static_cast<size_t>(reason)] = &registry->AddCounter(
        "tidemark_postgres_jobs_refused_total",
        "Work for PostgreSQL that was refused, as too much waited already or it had waited for too long.",
        {{"rank", NameOf(rank)}, {"reason", name}});
  };
  add(Rank::kRead, Reason::kFull, "full");
  add(Rank::kRead, Reason::kLate, "late");
  add(Rank::kWrite, Reason::kFull, "full");
}

void RefusedJobs::Count(Rank rank, Reason reason) const {
  metrics::Counter* counter = counters_[static_cast<size_t>(rank)][static_cast<size_t>(reason)];
  if (counter != nullptr) counter->Increment();
}

QueryTimes::QueryTimes(metrics::Registry* registry) : registry_(registry) {
  if (registry == nullptr) return;
  const auto add = [registry](const char* kind) {
    return &registry->AddCounter("tidemark_postgres_statements_total",
                                 "Statements sent to PostgreSQL, without BEGIN, COMMIT and the like.",
                                 {{"kind", kind}});
  };
  statements_ = {add("read"), add("write")};
}

void QueryTimes::CountStatements(int reads, int writes) const {
  if (registry_ == nullptr) return;
  if (reads > 0) statements_[0]->Increment(reads);
  if (writes > 0) statements_[1]->Increment(writes);
}

void QueryTimes::Observe(const std::string& statement, absl::Duration took) {
  if (registry_ == nullptr) return;
  metrics::Histogram*& seconds = seconds_[statement];
  if (seconds == nullptr) {
    seconds = &registry_->AddHistogram(
        "tidemark_postgres_query_seconds",
        "Round trips to PostgreSQL by the first statement of each, in seconds; \"commit\": it alone.",
        {{"statement", statement}}, kBuckets);
  }
  seconds->Observe(absl::ToDoubleSeconds(took));
}

}  // namespace tidemark::pg
