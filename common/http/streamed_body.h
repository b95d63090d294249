// A body on its way piece by piece, while the connection is watched for its client leaving.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "common/async/completion.h"
#include "common/async/task.h"
#include "common/http/connection.h"
#include "common/http/server.h"

namespace tidemark::http {

// Lives on the loop of its connection, for one answer.
class StreamedBody final : public BodyWriter {
 public:
  struct Options {
    // False: the end of the connection ends the body.
    bool is_chunked = true;
    // The server drains already.
    bool is_draining = false;
  };
  // Sends `head` and then `piece`. False: the connection is lost.
  using Send = std::function<Task<bool>(std::string_view head, std::string_view piece)>;

  // `buffer` takes what the client sends meanwhile: its next request.
  StreamedBody(Connection& connection, boost::beast::flat_buffer& buffer, Options options, Send send);

  // False: the body is not whole, and the connection is to be closed.
  Task<bool> Run(BodyStream stream);
  // The server drains.
  void Drain();

  Task<absl::Status> Write(std::string piece) override;
  void WhenGone(std::function<void()> gone) override;
  void WhenDraining(std::function<void()> draining) override;

 private:
  void Watch();
  void OnReceived(const boost::system::error_code& error, size_t count);
  // Afterwards the connection is free for others to read.
  Task<void> StopWatching();
  void TellGone();

  Connection& connection_;
  boost::beast::flat_buffer& buffer_;
  const Options options_;
  const Send send_;

  bool is_gone_ = false;
  bool is_draining_;
  std::function<void()> gone_;
  std::function<void()> draining_;
  // A read is under way.
  bool watching_ = false;
  // Set: called when it is not any more.
  Completion<bool> unwatched_;
};

}  // namespace tidemark::http
