#include "client/engine/exchange.h"

#include <algorithm>
#include <utility>

#include "client/engine/batch.h"
#include "client/engine/series.h"
#include "client/engine/settling.h"
#include "client/engine/v1.h"
#include "common/status/error.h"

namespace tidemark::client {

absl::StatusOr<Next> Exchange::Begin(const RunOptions& options, UnixMillis now) {
  asked_.reset();
  run_ = Run{.options = options, .end = {}, .edits_until = now, .batch_max = options_.batch_max};
  return Decide([&](Transaction& tx) -> Decision {
    TaskBook book(tx);
    if (book.replica.device.empty()) book.replica.device = DeviceId(NewUuid(random_));
    run_.must_pull = !options.may_check || book.replica.etag.empty();
    book.Close();
    if (options.push_only && tx.CountPending() == 0) return std::nullopt;
    return NextAsk(tx, now);
  });
}

absl::StatusOr<Next> Exchange::Take(const Answer& answer, UnixMillis now) {
  const std::optional<Ask> asked = std::exchange(asked_, std::nullopt);
  if (!asked) return absl::FailedPreconditionError("an answer to no question");
  return Decide([&](Transaction& tx) -> Decision {
    if (const auto* error = std::get_if<absl::Status>(&answer)) return TakeFailure(tx, *asked, *error, now);
    ++run_.end.requests;
    const auto* check = std::get_if<CheckAnswer>(&answer);
    if (check && std::holds_alternative<CheckAsk>(*asked)) return TakeCheck(tx, *check, now);
    const auto* sync = std::get_if<SyncAsk>(&*asked);
    const auto* page = std::get_if<Page>(&answer);
    if (sync && page) return TakePage(tx, *sync, *page, now);
    const auto* v1 = std::get_if<V1Ask>(&*asked);
    const auto* v1_page = std::get_if<V1Page>(&answer);
    if (v1 && v1_page) return TakePage(tx, AsSyncAsk(*v1), AsPage(*v1_page), now);
    return Fail(absl::InternalError("an answer to another question"));
  });
}

absl::StatusOr<Next> Exchange::Decide(absl::FunctionRef<Decision(Transaction&)> decide) {
  const Run before = run_;
  Decision decision;
  const absl::Status stored = store_.Write([&](Transaction& tx) {
    decision = decide(tx);
    return absl::OkStatus();
  });
  if (!stored.ok()) {
    run_ = before;
    return stored;
  }
  if (!decision) return Next(run_.end);
  asked_ = decision;
  return Next(*decision);
}

Exchange::Decision Exchange::Fail(absl::Status error) {
  run_.end.how = RunEnd::How::kFailed;
  run_.end.error = std::move(error);
  return std::nullopt;
}

// ---- questions

Exchange::Decision Exchange::NextAsk(Transaction& tx, UnixMillis now) {
  if (run_.end.requests >= kRequestsMax) {
    return Fail(absl::ResourceExhaustedError("the server answers without end"));
  }
  TaskBook book(tx);
  if (options_.generation == Generation::kV1) {
    V1Ask ask{.last_sync = book.replica.cursor, .changes = FreezeObjects(book, run_.batch_max)};
    book.Close();
    return Ask(std::move(ask));
  }
  SyncAsk ask = NewSyncAsk(book.replica, now);
  if (book.replica.series && !run_.options.push_only) {
    ask.last_sync = book.replica.series->last_sync;
    ask.page = book.replica.series->page;
    return Ask(std::move(ask));
  }
  ask.changes = FreezeBatch(book, run_.batch_max);
  book.Close();
  // A device with pending edits never only checks: it pushes.
  if (ask.changes.empty() && !run_.must_pull) return Ask(CheckAsk{ask.device, book.replica.etag});
  return Ask(std::move(ask));
}

SyncAsk Exchange::NewSyncAsk(const Replica& replica, UnixMillis now) const {
  SyncAsk ask;
  ask.last_sync = replica.cursor;
  ask.epoch = replica.epoch;
  ask.device = replica.device;
  ask.acked = replica.acked;
  if (options_.tells_time) ask.client_time = now;
  ask.limit = options_.page_limit;
  if (!replica.etag.empty()) ask.if_none_match = replica.etag;
  return ask;
}

// What was pending when the run began. Later edits have a debounce of their own to wait for.
bool Exchange::HasMoreOfThisRun(Transaction& tx) const {
  const std::optional<UnixMillis> oldest = tx.OldestPending();
  return oldest && *oldest <= run_.edits_until;
}

// ---- answers

Exchange::Decision Exchange::TakeFailure(Transaction& tx, const Ask& asked, const absl::Status& error,
                                         UnixMillis now) {
  const auto* sync = std::get_if<SyncAsk>(&asked);
  if (!sync) return Fail(error);
  const Code code = ErrorInfoOf(error).code;
  if (code == Code::kTooManyChanges && sync->changes.size() > 1) {
    run_.batch_max = static_cast<int>(sync->changes.size() / 2);
    return NextAsk(tx, now);
  }
  // Whatever is wrong with a page's name, it will not get better by asking again.
  const bool names_no_page =
      sync->page && (code == Code::kPageExpired || code == Code::kValidation || code == Code::kBadType);
  if (!names_no_page) return Fail(error);
  Replica replica = tx.GetReplica();
  replica.series.reset();
  tx.PutReplica(replica);
  if (++run_.restarts > kRestartsMax) return Fail(error);
  return NextAsk(tx, now);
}

Exchange::Decision Exchange::TakeCheck(Transaction& tx, const CheckAnswer& answer, UnixMillis now) {
  run_.end.next_sync_in = answer.next_sync_in;
  if (!answer.not_modified) {
    run_.must_pull = true;
    return NextAsk(tx, now);
  }
  Replica replica = tx.GetReplica();
  // The ETag of an answer is kept though a difference was found too soon after the last healing: that nothing
  // has changed since does not make it go away.
  const bool can_compare = !replica.held && tx.CountPending() == 0;
  const std::string etag = replica.etag;
  if (can_compare && SelfCheck(replica, etag, now) && NoteDifference(replica, etag, now)) {
    tx.PutReplica(replica);
    return NextAsk(tx, now);
  }
  replica.synced_at = now;
  tx.PutReplica(replica);
  run_.end.not_modified = true;
  if (replica.held) run_.end.how = RunEnd::How::kHeld;
  return std::nullopt;
}

Exchange::Decision Exchange::TakePage(Transaction& tx, const SyncAsk& asked, const Page& page,
                                      UnixMillis now) {
  TaskBook book(tx);
  Replica& replica = book.replica;
  // Of a series that is not the stored one: it would pass for the beginning of another.
  if (asked.page && (!replica.series || replica.series->page != *asked.page)) return NextAsk(tx, now);
  const Series series = asked.page ? *replica.series : OpenSeries(book, asked.last_sync, page);
  if (page.next_sync_in) run_.end.next_sync_in = page.next_sync_in;
  if (page.full_resync && !asked.page) ++run_.restarts;
  run_.end.pulled += static_cast<int>(page.updates.size() + page.deleted.size());
  for (const Conflict& conflict : page.conflicts) run_.end.conflicts += tx.AddConflict(conflict) ? 1 : 0;
  const bool all_known = StoreNews(book, series, page, now);
  // After a restore nothing of the request was stored, and the epoch is taken with its whole state. V1 has
  // none.
  const bool is_rewound = series.resync == Resync::kRewound;
  if (!is_rewound && !page.epoch.empty()) replica.epoch = page.epoch;

  RunEnd::How how = RunEnd::How::kComplete;
  const std::string etag = page.etag.value_or("");
  bool heals = false;
  if (!all_known && NoteDifference(replica, etag, now)) {
    heals = true;
  } else if (page.page) {
    if (!is_rewound) NoteVerdicts(book, asked.changes, page);
    replica.series = series;
    replica.series->page = *page.page;
    // The server lets it read. To push again before the last page would only repeat what is answered.
    run_.options.push_only = false;
  } else {
    const bool is_forked = !is_rewound && SettleAnswered(book, asked.changes, page, now, run_.end);
    how = Close(book, series, page, now);
    if (is_forked) {
      TakeNewName(book, DeviceId(NewUuid(random_)));
      ++run_.restarts;
    }
    if (is_rewound) run_.edits_until = now;
    const bool can_compare = how == RunEnd::How::kComplete && tx.CountPending() == 0;
    heals = can_compare && SelfCheck(replica, etag, now) && NoteDifference(replica, etag, now);
  }
  const bool goes_on = heals || page.page.has_value();
  // More is here than it names: if the service loses that, it must not say that nothing has changed.
  if (goes_on || how != RunEnd::How::kComplete) replica.etag.clear();
  book.Close();
  if (run_.restarts > kRestartsMax)
    return Fail(Error(Code::kInternal, "the server has this device start over again and again"));
  if (goes_on || HasMoreOfThisRun(tx)) return NextAsk(tx, now);
  run_.end.how = how;
  return std::nullopt;
}

// The last page is stored, and what it answered is settled.
RunEnd::How Exchange::Close(TaskBook& book, const Series& series, const Page& page, UnixMillis now) {
  if (!page.pull_deferred) {
    return CloseSeries(book, series, page, now) ? RunEnd::How::kComplete : RunEnd::How::kHeld;
  }
  run_.end.retry_after = page.pull_deferred;
  return CloseDeferred(book, now) ? RunEnd::How::kDeferred : RunEnd::How::kHeld;
}

// True: the next question is for the whole state.
bool Exchange::NoteDifference(Replica& replica, const std::string& etag, UnixMillis now) {
  Difference difference{.here = {.count = replica.live_count, .version_sum = replica.version_sum},
                        .server = ParseEtag(etag).value_or(Totals()),
                        .heals = MayHeal(replica, now)};
  if (difference.heals) {
    replica.healed_at = now;
    StartOver(replica);
    run_.must_pull = true;
  }
  run_.end.difference = difference;
  return difference.heals;
}

}  // namespace tidemark::client
