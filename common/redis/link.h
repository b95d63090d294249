// One socket to Redis: hiredis' async context driven by asio. A Link is made once, connects once, and ends
// once.
#pragma once

#include <hiredis/async.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tidemark::redis {

// Used on one event loop alone. The handlers run there too, never inside Open, Send or Close.
class Link : public std::enable_shared_from_this<Link> {
 public:
  struct Handlers {
    std::function<void()> connected;
    // Replies come in the order of the commands. Runs inside hiredis: not to call Close.
    std::function<void(const redisReply&)> replied;
    // Not connected, or no longer; says why. The last call of all; none after Close.
    std::function<void(std::string)> ended;
  };

  // Starts to connect to a numeric address.
  static std::shared_ptr<Link> Open(const boost::asio::any_io_executor& executor, const std::string& address,
                                    int port, Handlers handlers);
  ~Link();

  // Adds a command to what is sent when the loop turns.
  void Send(const std::vector<std::string>& arguments);
  // Ends it without a word. Commands without an answer get none.
  void Close();

 private:
  Link(const boost::asio::any_io_executor& executor, Handlers handlers);

  void Connect(const std::string& address, int port);
  void Attach();
  void AwaitReadable();
  void AwaitWritable();
  void Write();
  // After each turn of hiredis, which may have freed the context in it.
  void Settle();

  // hiredis' callbacks.
  static void OnConnected(const redisAsyncContext* context, int status);
  static void OnReply(redisAsyncContext* context, void* reply, void*);
  static void OnFreed(void* link);

  Handlers handlers_;
  boost::asio::posix::basic_stream_descriptor<boost::asio::any_io_executor> socket_;
  // Owned by hiredis, which frees it when the connection ends; null from then on.
  redisAsyncContext* context_ = nullptr;
  bool connected_ = false;
  // hiredis writes at this moment.
  bool writing_ = false;
  bool awaits_readable_ = false;
  bool awaits_writable_ = false;
  std::string why_ended_;
};

}  // namespace tidemark::redis
