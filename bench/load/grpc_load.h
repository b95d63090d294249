// A driver's lanes as calls under way to the services themselves, on one thread and a handful of connections.
#pragma once

#include <memory>
#include <string>

#include "bench/load/driver.h"

namespace tidemark::bench {

struct GrpcAddresses {
  std::string sync;
  // Of logins.
  std::string auth;
};

class GrpcLoad {
 public:
  GrpcLoad(const GrpcAddresses& addresses, int calls);
  ~GrpcLoad();

  // Runs until the driver says it is over.
  void Run(Driver& driver);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::bench
