// A transaction that is open already, as a store: what is written for a store of its own becomes part of it.
//
//   store.Write([&](Transaction& tx) {
//     Enlisted enlisted(tx);
//     absl::StatusOr<Task> added = AddTask(enlisted, random, "milk", now);
//     …                                     // all of it or nothing
//   });
#pragma once

#include "client/store/local_store.h"

namespace tidemark::client {

class Enlisted final : public LocalStore {
 public:
  // `transaction` outlives it.
  explicit Enlisted(Transaction& transaction) : transaction_(transaction) {}

  absl::Status Write(Body body) override { return body(transaction_); }
  absl::Status Read(Body body) override { return body(transaction_); }
  absl::StatusOr<int64_t> Revision() override { return absl::UnimplementedError("a transaction has none"); }

 private:
  Transaction& transaction_;
};

}  // namespace tidemark::client
