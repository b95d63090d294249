#include "common/rpc/address_feed.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "common/log/log.h"
#include "common/mutex/mutex.h"
#include "common/rpc/target.h"

namespace tidemark::rpc {
namespace {

using Addresses = AddressFeed::Addresses;

class FixedFeed final : public AddressFeed {
 public:
  explicit FixedFeed(Addresses addresses) : addresses_(std::move(addresses)) {}
  void Follow(Told told) override {
    if (!addresses_.empty()) told(addresses_);
  }
  void LookAgain() override {}

 private:
  const Addresses addresses_;
};

// What the thread and the feed share.
class Looking {
 public:
  Looking(LookUpOptions options, AddressFeed::Told told)
      : options_(std::move(options)), told_(std::move(told)) {}

  // Until End.
  void Run() {
    do Take(options_.look_up());
    while (AwaitNext());
  }
  void LookAgain() {
    MutexLock lock(&mutex_);
    asked_ = true;
    changed_.NotifyAll();
  }
  void End() {
    MutexLock lock(&mutex_);
    told_ = nullptr;
    changed_.NotifyAll();
  }

 private:
  void Take(absl::StatusOr<Addresses> found) {
    MutexLock lock(&mutex_);
    if (told_ == nullptr) return;
    if (!found.ok()) {
      if (!std::exchange(failure_told_, true)) {
        log::Warning("addresses_not_found", {{"name", options_.name}, {"status", found.status().ToString()}});
      }
      return;
    }
    failure_told_ = false;
    if (*found == known_) return;
    known_ = *std::move(found);
    log::Info("addresses_changed",
              {{"name", options_.name}, {"addresses", static_cast<int64_t>(known_.size())}});
    told_(known_);
  }

  // False: it has ended.
  bool AwaitNext() {
    MutexLock lock(&mutex_);
    const CondVar::Deadline soon = CondVar::In(options_.pause_min);
    const CondVar::Deadline latest = CondVar::In(options_.pause);
    while (told_ != nullptr && changed_.WaitUntil(mutex_, asked_ ? soon : latest)) continue;
    asked_ = false;
    return told_ != nullptr;
  }

  const LookUpOptions options_;
  Mutex mutex_;
  CondVar changed_;
  // Null: nobody listens any more.
  AddressFeed::Told told_ ABSL_GUARDED_BY(mutex_);
  Addresses known_ ABSL_GUARDED_BY(mutex_);
  bool asked_ ABSL_GUARDED_BY(mutex_) = false;
  // Logged once, until a look succeeds.
  bool failure_told_ ABSL_GUARDED_BY(mutex_) = false;
};

class LookUpFeed final : public AddressFeed {
 public:
  explicit LookUpFeed(LookUpOptions options) : options_(std::move(options)) {}
  ~LookUpFeed() override {
    if (looking_ != nullptr) looking_->End();
  }
  void Follow(Told told) override {
    looking_ = std::make_shared<Looking>(options_, std::move(told));
    // Nobody waits for its end: a look at a DNS server that is away may take longer than a process has to
    // stop.
    std::thread([looking = looking_] { looking->Run(); }).detach();
  }
  void LookAgain() override { looking_->LookAgain(); }

 private:
  const LookUpOptions options_;
  std::shared_ptr<Looking> looking_;
};

std::string TargetOfSocket(const sockaddr& address, const std::string& port) {
  const bool is_ipv6 = address.sa_family == AF_INET6;
  const void* bytes =
      is_ipv6 ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr)
              : &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  std::array<char, INET6_ADDRSTRLEN> text = {};
  inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return TargetOfAddress(is_ipv6, text.data(), port);
}

absl::StatusOr<Addresses> LookUp(const HostAndPort& name) {
  addrinfo wanted = {};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(name.host.c_str(), name.port.c_str(), &wanted, &found); error != 0) {
    return absl::UnavailableError(error == EAI_SYSTEM ? std::generic_category().message(errno)
                                                      : gai_strerror(error));
  }
  Addresses addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    addresses.push_back(TargetOfSocket(*each->ai_addr, name.port));
  }
  freeaddrinfo(found);
  // A DNS server changes their order from one answer to the next.
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
  return addresses;
}

}  // namespace

std::unique_ptr<AddressFeed> NewLookUpFeed(LookUpOptions options) {
  return std::make_unique<LookUpFeed>(std::move(options));
}

std::unique_ptr<AddressFeed> NewAddressFeed(const std::string& addresses) {
  const std::optional<HostAndPort> name = NameIn(addresses);
  if (!name) return std::make_unique<FixedFeed>(AddressesIn(addresses));
  return NewLookUpFeed({.look_up = [name = *name] { return LookUp(name); },
                        .name = absl::StrCat(name->host, ":", name->port)});
}

}  // namespace tidemark::rpc
