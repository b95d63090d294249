// The connection of one event loop: connects, greets, counts what is under way, notices silence, connects
// again.
//
//   away ──connect──▶ greeting ──run id──▶ ready
//     ▲                  │ refused, slow     │ lost, silent
//     └──── backoff ─────┴───────────────────┘
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/random/random.h"
#include "common/async/completion.h"
#include "common/async/event_loops.h"
#include "common/redis/client.h"
#include "common/redis/link.h"
#include "common/redis/server_address.h"

namespace tidemark::redis {

// All but the constructor and the counts runs on the loop.
class LoopConnection : public std::enable_shared_from_this<LoopConnection> {
 public:
  LoopConnection(EventLoop& loop, const ClientOptions& options, ServerAddress address);

  void Start();
  // For good. Ends what is under way with UNAVAILABLE.
  void Stop();

  // As Client::Command.
  void Send(const std::vector<std::string>& arguments, Completion<absl::StatusOr<Reply>> done);
  const std::string& run_id() const { return run_id_; }

  // For metrics, from any thread.
  int64_t under_way() const { return counts_.under_way.load(std::memory_order_relaxed); }
  int64_t sent() const { return counts_.sent.load(std::memory_order_relaxed); }
  int64_t failed() const { return counts_.failed.load(std::memory_order_relaxed); }
  int64_t up() const { return counts_.up.load(std::memory_order_relaxed); }

 private:
  using Executor = boost::asio::any_io_executor;
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class State { kAway, kGreeting, kReady, kStopped };
  struct Waiting {
    Completion<absl::StatusOr<Reply>> done;
    SteadyTime deadline;
  };

  // Written on the loop alone, so that counting takes no locked instruction.
  struct Counts {
    std::atomic<int64_t> under_way = 0;
    std::atomic<int64_t> sent = 0;
    std::atomic<int64_t> failed = 0;
    std::atomic<int64_t> up = 0;
  };
  static void Add(std::atomic<int64_t>& count, int64_t by) {
    count.store(count.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  void Connect();
  void OpenLink(const boost::asio::ip::tcp::endpoint& endpoint);
  void Greet();
  void Welcome(const absl::StatusOr<Reply>& info);
  void Transmit(const std::vector<std::string>& arguments, Completion<absl::StatusOr<Reply>> done);
  void Answer(const redisReply& raw);
  void AwaitAnswers();
  void CheckDeadlines();
  // Away from `ready` or `greeting`, to try again later. LoseSoon is for use inside hiredis.
  void Lose(const std::string& why);
  void LoseSoon(std::string why);
  void EndAllUnderWay();
  void SetState(State state);
  // Runs `then` after `duration`, unless the timer is set again or canceled before.
  void SetTimer(absl::Duration duration, void (LoopConnection::*then)());
  void CancelTimer();
  void GreetingTookTooLong() { Lose("no greeting within the connect timeout"); }

  const ClientOptions options_;
  const ServerAddress address_;
  const Executor executor_;
  boost::asio::ip::basic_resolver<boost::asio::ip::tcp, Executor> resolver_;
  // What it waits for depends on the state: the next attempt, the end of the greeting, the oldest answer.
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, Executor>
      timer_;
  // Tells a wait that was canceled from the one that counts, also when it had expired already.
  int timer_turn_ = 0;
  bool awaits_answers_ = false;
  absl::BitGen random_;

  State state_ = State::kAway;
  // Rises with each attempt, so that what belongs to an earlier one is known and ignored.
  int attempt_ = 0;
  int failures_ = 0;
  std::shared_ptr<Link> link_;
  // Oldest first; answers come in this order.
  std::deque<Waiting> under_way_;
  Counts counts_;
  absl::Status greeting_;
  std::string run_id_;
};

}  // namespace tidemark::redis
