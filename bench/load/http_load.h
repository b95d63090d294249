// A driver's lanes as keep-alive connections to the gateway, on one thread.
#pragma once

#include <memory>
#include <string>

#include "bench/load/driver.h"

namespace tidemark::bench {

class HttpLoad {
 public:
  // Connects. `url`: http://host:port. Throws Failed.
  HttpLoad(const std::string& url, int connections);
  ~HttpLoad();

  // Runs until the driver says it is over. A connection that is lost is an error of its request, and is made
  // anew; throws Failed when that cannot be done.
  void Run(Driver& driver);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::bench
