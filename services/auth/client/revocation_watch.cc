#include "services/auth/client/revocation_watch.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "common/async/completion.h"
#include "common/async/periodic.h"
#include "common/log/log.h"
#include "common/mutex/mutex.h"
#include "common/rpc/client.h"
#include "tidemark/v1/auth.grpc.pb.h"

namespace tidemark::auth {
namespace {

// Between the end of a stream and the next attempt.
constexpr absl::Duration kPause = absl::Milliseconds(200);

// What a stream has to do with the watch that it serves.
struct Ends {
  RevokedSessions& revoked;
  std::atomic<bool>& knows_all;
};

// One stream. gRPC calls it until OnDone; the loop is the last to let go of it (rpc::CallUnary says why).
class RevocationCall final
    : public grpc::ClientBidiReactor<v1::WatchRevocationsRequest, v1::WatchRevocationsResponse>,
      public std::enable_shared_from_this<RevocationCall> {
 public:
  RevocationCall(EventLoop& loop, Ends ends) : loop_(loop), ends_(ends) {}

  // `done` is called when it has ended.
  void Open(v1::AuthService::Stub& stub, const std::string& service_token, Completion<grpc::Status> done) {
    until_done_ = shared_from_this();
    done_ = std::move(done);
    rpc::AddMetadata({.service_token = service_token}, context_);
    stub.async()->WatchRevocations(&context_, this);
    StartRead(&received_);
    StartCall();
  }
  void Cancel() { context_.TryCancel(); }
  // Something came.
  bool heard() const { return heard_; }

  void OnReadDone(bool ok) override {
    if (!ok) return;  // and OnDone follows
    heard_ = true;
    for (const v1::RevokedSession& session : received_.sessions()) {
      ends_.revoked.Add(SessionId(session.id()), UnixMillis{session.refused_until()});
    }
    if (received_.complete()) ends_.knows_all = true;
    {
      MutexLock lock(&mutex_);
      to_acknowledge_ = received_.number();
      Acknowledge();
    }
    StartRead(&received_);
  }

  void OnWriteDone(bool ok) override {
    MutexLock lock(&mutex_);
    writing_ = false;
    if (ok) Acknowledge();
  }

  void OnDone(const grpc::Status& status) override {
    loop_.Post([self = std::move(until_done_), status] { self->done_(status); });
  }

 private:
  // The newest; one acknowledges those before.
  void Acknowledge() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || !to_acknowledge_.has_value()) return;
    sent_.set_acknowledged(*std::exchange(to_acknowledge_, std::nullopt));
    writing_ = true;
    StartWrite(&sent_);
  }

  EventLoop& loop_;
  const Ends ends_;
  std::atomic<bool> heard_{false};
  grpc::ClientContext context_;
  v1::WatchRevocationsResponse received_;
  v1::WatchRevocationsRequest sent_;
  Completion<grpc::Status> done_;
  std::shared_ptr<RevocationCall> until_done_;

  Mutex mutex_;
  std::optional<int64_t> to_acknowledge_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

struct RevocationWatch::Impl {
  Impl(EventLoop& its_loop, std::shared_ptr<grpc::Channel> auth_service, std::string token,
       RevokedSessions& its_revoked)
      : loop(its_loop),
        stub(v1::AuthService::NewStub(std::move(auth_service))),
        service_token(std::move(token)),
        revoked(its_revoked),
        watching(
            loop,
            [begun = false]() mutable { return std::exchange(begun, true) ? kPause : absl::ZeroDuration(); },
            [this](const std::atomic<bool>&) { return WatchUntilItEnds(); }) {}

  ~Impl() {
    MutexLock lock(&mutex);
    stopping = true;
    if (call != nullptr) call->Cancel();
  }

  Task<void> WatchUntilItEnds() {
    const auto opened = std::make_shared<RevocationCall>(loop, Ends{revoked, knows_all});
    {
      MutexLock lock(&mutex);
      if (stopping) co_return;
      call = opened;
    }
    const grpc::Status status = co_await Await<grpc::Status>([this, &opened](Completion<grpc::Status> done) {
      opened->Open(*stub, service_token, std::move(done));
    });
    MutexLock lock(&mutex);
    call = nullptr;
    if (opened->heard()) loss_told = false;
    if (!stopping && !std::exchange(loss_told, true)) {
      log::Warning("revocations_not_heard", {{"code", static_cast<int>(status.error_code())}});
    }
  }

  EventLoop& loop;
  const std::unique_ptr<v1::AuthService::Stub> stub;
  const std::string service_token;
  RevokedSessions& revoked;
  std::atomic<bool> knows_all{false};
  Mutex mutex;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  bool loss_told ABSL_GUARDED_BY(mutex) = false;
  std::shared_ptr<RevocationCall> call ABSL_GUARDED_BY(mutex);
  // Last: its end is waited for first, when the call is cancelled.
  Periodic watching;
};

RevocationWatch::RevocationWatch(EventLoop& loop, std::shared_ptr<grpc::Channel> auth_service,
                                 std::string service_token, RevokedSessions& revoked)
    : impl_(std::make_unique<Impl>(loop, std::move(auth_service), std::move(service_token), revoked)) {}

RevocationWatch::~RevocationWatch() = default;

bool RevocationWatch::knows_all() const { return impl_->knows_all; }

}  // namespace tidemark::auth
