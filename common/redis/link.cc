#include "common/redis/link.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace tidemark::redis {

namespace asio = boost::asio;

std::shared_ptr<Link> Link::Open(const asio::any_io_executor& executor, const std::string& address, int port,
                                 Handlers handlers) {
  std::shared_ptr<Link> link(new Link(executor, std::move(handlers)));
  link->Connect(address, port);
  return link;
}

Link::Link(const asio::any_io_executor& executor, Handlers handlers)
    : handlers_(std::move(handlers)), socket_(executor) {}

Link::~Link() { Close(); }

void Link::Connect(const std::string& address, int port) {
  context_ = redisAsyncConnect(address.c_str(), port);
  if (context_ == nullptr) {
    why_ended_ = "out of memory";
  } else if (context_->err != 0) {
    why_ended_ = context_->errstr;
    redisAsyncFree(std::exchange(context_, nullptr));
  } else {
    Attach();
  }
  if (context_ == nullptr)
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->Settle(); });
}

void Link::Attach() {
  socket_.assign(context_->c.fd);
  context_->data = this;
  context_->ev.data = this;
  context_->ev.addRead = [](void* link) { static_cast<Link*>(link)->AwaitReadable(); };
  context_->ev.addWrite = [](void* link) { static_cast<Link*>(link)->AwaitWritable(); };
  context_->ev.cleanup = OnFreed;
  redisAsyncSetConnectCallback(context_, OnConnected);
}

void Link::AwaitReadable() {
  if (std::exchange(awaits_readable_, true)) return;
  socket_.async_wait(socket_.wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
    self->awaits_readable_ = false;
    if (error || self->context_ == nullptr) return;
    redisAsyncHandleRead(self->context_);
    self->Settle();
  });
}

// A connected socket nearly always takes what there is: then asking for it first is a turn for nothing. What
// it did not take, hiredis asks for while it writes.
void Link::AwaitWritable() {
  if (std::exchange(awaits_writable_, true)) return;
  if (connected_ && !writing_) {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->Write(); });
    return;
  }
  socket_.async_wait(socket_.wait_write, [self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) return self->Write();
    self->awaits_writable_ = false;
  });
}

void Link::Write() {
  awaits_writable_ = false;
  if (context_ == nullptr) return;
  writing_ = true;
  redisAsyncHandleWrite(context_);
  writing_ = false;
  Settle();
}

void Link::Settle() {
  if (context_ != nullptr) return;
  if (auto ended = std::exchange(handlers_, {}).ended; ended) ended(why_ended_);
}

void Link::Send(const std::vector<std::string>& arguments) {
  // An ended link says so in its handler.
  if (context_ == nullptr) return;
  std::vector<const char*> texts;
  std::vector<size_t> sizes;
  texts.reserve(arguments.size());
  sizes.reserve(arguments.size());
  for (const std::string& argument : arguments) {
    texts.push_back(argument.data());
    sizes.push_back(argument.size());
  }
  redisAsyncCommandArgv(context_, OnReply, nullptr, static_cast<int>(arguments.size()), texts.data(),
                        sizes.data());
}

void Link::Close() {
  handlers_ = {};
  if (context_ != nullptr) redisAsyncFree(context_);
}

void Link::OnConnected(const redisAsyncContext* context, int status) {
  Link& link = *static_cast<Link*>(context->data);
  link.connected_ = status == REDIS_OK;
  if (link.connected_ && link.handlers_.connected) link.handlers_.connected();
}

void Link::OnReply(redisAsyncContext* context, void* reply, void*) {
  Link& link = *static_cast<Link*>(context->data);
  // Null: the connection ends, which its own handler tells.
  if (reply != nullptr && link.handlers_.replied) link.handlers_.replied(*static_cast<redisReply*>(reply));
}

void Link::OnFreed(void* data) {
  Link& link = *static_cast<Link*>(data);
  link.why_ended_ = link.context_->err != 0 ? link.context_->errstr : "closed";
  link.context_ = nullptr;
  // hiredis closes it.
  link.socket_.release();
}

}  // namespace tidemark::redis
