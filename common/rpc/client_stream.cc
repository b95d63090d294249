#include "common/rpc/client_stream.h"

namespace tidemark::rpc {

OpenStreams::~OpenStreams() {
  MutexLock lock(&mutex_);
  while (open_ > 0) changed_.Wait(mutex_);
}

OpenStreams::Entry::Entry(OpenStreams& streams) : streams_(streams) {
  MutexLock lock(&streams_.mutex_);
  ++streams_.open_;
}

OpenStreams::Entry::~Entry() {
  MutexLock lock(&streams_.mutex_);
  --streams_.open_;
  streams_.changed_.NotifyAll();
}

}  // namespace tidemark::rpc
