#include "common/redis/test_server.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/async/test_eventually.h"

namespace tidemark::redis {
namespace {

int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  close(probe);
  return ntohs(address.sin_port);
}

std::string NewFolder() {
  std::string folder = (std::filesystem::temp_directory_path() / "tidemark_redis_XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make " + folder);
  return folder;
}

using Context = std::unique_ptr<redisContext, decltype(&redisFree)>;

Context ConnectTo(int port) {
  return {redisConnectWithTimeout("127.0.0.1", port, timeval{.tv_sec = 1, .tv_usec = 0}), redisFree};
}

}  // namespace

TestServer::TestServer() : folder_(NewFolder()), port_(FreePort()) { Start(); }

TestServer::~TestServer() {
  Stop();
  std::filesystem::remove_all(folder_);
}

std::string TestServer::url() const { return "redis://127.0.0.1:" + std::to_string(port_); }

void TestServer::Stop(int signal) {
  if (process_ == 0) return;
  kill(process_, signal);
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

void TestServer::Start() {
  Launch();
  if (!Eventually([this] { return Answers(); })) throw std::runtime_error("redis-server does not answer");
}

void TestServer::Launch() {
  const std::vector<std::string> command = {"redis-server",
                                            "--bind",
                                            "127.0.0.1",
                                            "--port",
                                            std::to_string(port_),
                                            "--dir",
                                            folder_,
                                            "--logfile",
                                            folder_ + "/log",
                                            "--save",
                                            "",
                                            "--appendonly",
                                            "no",
                                            "--enable-debug-command",
                                            "yes"};
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  process_ = fork();
  if (process_ != 0) return;
  // A test that crashes takes its server with it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

void TestServer::Pause() {
  kill(process_, SIGSTOP);
  waitpid(process_, nullptr, WUNTRACED);
}

void TestServer::Continue() { kill(process_, SIGCONT); }

std::string TestServer::Ask(const std::vector<std::string>& arguments) const {
  const Context context = ConnectTo(port_);
  std::vector<const char*> texts;
  for (const std::string& argument : arguments) texts.push_back(argument.c_str());
  std::unique_ptr<void, decltype(&freeReplyObject)> owned(
      redisCommandArgv(context.get(), static_cast<int>(texts.size()), texts.data(), nullptr),
      freeReplyObject);
  const auto* reply = static_cast<const redisReply*>(owned.get());
  if (reply == nullptr) return "";
  return reply->type == REDIS_REPLY_INTEGER ? std::to_string(reply->integer)
                                            : std::string(reply->str == nullptr ? "" : reply->str);
}

bool TestServer::Answers() const {
  const Context context = ConnectTo(port_);
  if (context == nullptr || context->err != 0) return false;
  // Also "NOAUTH …": it is there.
  return !Ask({"PING"}).empty();
}

bool AwaitConnected(EventLoops& loops, Client& client) {
  for (int i = 0; i < loops.size(); ++i) {
    const auto connected = [&] {
      return RunBlocking<bool>(loops.at(i), [&]() -> Task<bool> { co_return !client.run_id().empty(); });
    };
    if (!Eventually(connected)) return false;
  }
  return true;
}

}  // namespace tidemark::redis
