// Words for tests of the exchange: a device with its store, and answers as a server would give them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/domain/test_state.h"
#include "client/engine/exchange.h"
#include "client/engine/local_tasks.h"
#include "client/store/memory/memory_store.h"
#include "common/status/error.h"

namespace tidemark::client {

inline const Epoch kEpoch("e1");

// The last page of an answer that leaves the device at `cursor`.
inline Page AnswerAt(int64_t cursor, const std::string& etag = "\"?\"") {
  Page page;
  page.server_time = {cursor};
  page.epoch = kEpoch;
  page.etag = etag;
  return page;
}

// A page that is not the last.
inline Page PageOf(std::vector<Update> updates, const std::string& next) {
  Page page;
  page.updates = std::move(updates);
  page.epoch = kEpoch;
  page.page = next;
  return page;
}

class ExchangeTest : public testing::Test {
 protected:
  // ---- the person
  void Add(const std::string& id, const std::string& content) {
    Write([&](Transaction& tx) { tx.Put(CreateTask(TaskId(id), content, now_)); });
  }
  void Edit(const std::string& id, const Fields& fields) {
    Write([&](Transaction& tx) {
      TaskState task = tx.Get(TaskId(id));
      EditTask(task, fields, now_);
      tx.Put(task);
    });
  }
  void Delete(const std::string& id) { ASSERT_TRUE(RemoveTask(store_, TaskId(id), now_).ok()); }

  // ---- the device
  SyncAsk BeginSync(const RunOptions& run = {}) {
    auto next = exchange_.Begin(run, now_);
    EXPECT_TRUE(next.ok()) << next.status();
    return std::get<SyncAsk>(std::get<Ask>(*next));
  }
  SyncAsk AsksNext(const Answer& answer) {
    auto next = exchange_.Take(answer, now_);
    EXPECT_TRUE(next.ok()) << next.status();
    return std::get<SyncAsk>(std::get<Ask>(*next));
  }
  RunEnd Ends(const Answer& answer) {
    auto next = exchange_.Take(answer, now_);
    EXPECT_TRUE(next.ok()) << next.status();
    EXPECT_TRUE(std::holds_alternative<RunEnd>(*next)) << "asks on";
    return std::get<RunEnd>(*next);
  }
  // A run that brings `updates` and leaves the device at `cursor`.
  void Pulled(std::vector<Update> updates, int64_t cursor) {
    Page page = AnswerAt(cursor);
    page.updates = std::move(updates);
    BeginSync({.may_check = false});
    Ends(page);
  }
  // `count` tasks "t0", "t1", … of version 1.
  void PulledMany(int count, int64_t cursor) {
    std::vector<Update> updates;
    for (int i = 0; i < count; ++i) updates.push_back(Whole(1, "milk", TaskId("t" + std::to_string(i))));
    Pulled(std::move(updates), cursor);
  }

  // ---- the store
  template <typename F>
  void Write(const F& body) {
    ASSERT_TRUE(store_
                    .Write([&](Transaction& tx) {
                      body(tx);
                      return absl::OkStatus();
                    })
                    .ok());
  }
  Replica replica() {
    Replica replica;
    Write([&](Transaction& tx) { replica = tx.GetReplica(); });
    return replica;
  }
  TaskState state(const std::string& id) {
    TaskState task;
    Write([&](Transaction& tx) { task = tx.Get(TaskId(id)); });
    return task;
  }
  // Of visible tasks, in the order of lists.
  std::vector<std::string> Contents() {
    std::vector<std::string> contents;
    const auto tasks = ListTasks(store_, Which::kVisible);
    EXPECT_TRUE(tasks.ok()) << tasks.status();
    for (const Task& task : *tasks) contents.push_back(task.content);
    return contents;
  }
  int64_t CountPending() {
    int64_t count = 0;
    Write([&](Transaction& tx) { count = tx.CountPending(); });
    return count;
  }
  std::vector<Rejection> Rejections() {
    std::vector<Rejection> rejections;
    Write([&](Transaction& tx) { rejections = tx.ListRejections(); });
    return rejections;
  }

  void Pass(absl::Duration time) { now_.value += absl::ToInt64Milliseconds(time); }

  MemoryStore store_;
  SeededRandom random_{1};
  UnixMillis now_{1'000'000'000};
  ExchangeOptions options_;
  Exchange exchange_{store_, random_, options_};
};

}  // namespace tidemark::client
