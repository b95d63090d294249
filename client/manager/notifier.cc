#include "client/manager/notifier.h"

#include <utility>

namespace tidemark::client {

void Notifier::Start(SyncCallbacks callbacks) {
  callbacks_ = std::move(callbacks);
  told_.reset();
  MutexLock lock(&mutex_);
  running_ = true;
  news_ = {.tasks = {}, .any_task = false, .status = true, .ends = {}};
  thread_ = std::thread([this] { Run(); });
}

void Notifier::Stop() {
  {
    MutexLock lock(&mutex_);
    running_ = false;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

void Notifier::TasksChanged(const std::set<TaskId>& tasks) {
  MutexLock lock(&mutex_);
  if (!running_ || tasks.empty()) return;
  news_.tasks.insert(tasks.begin(), tasks.end());
  news_.status = true;
  if (news_.tasks.size() > kTasksToldMax) {
    news_.tasks.clear();
    news_.any_task = true;
  }
  changed_.NotifyAll();
}

void Notifier::AnyTaskChanged() {
  MutexLock lock(&mutex_);
  if (!running_) return;
  news_.any_task = news_.status = true;
  changed_.NotifyAll();
}

void Notifier::StatusChanged() {
  MutexLock lock(&mutex_);
  if (!running_) return;
  news_.status = true;
  changed_.NotifyAll();
}

void Notifier::Synced(const RunEnd& end) {
  MutexLock lock(&mutex_);
  if (!running_) return;
  news_.ends.push_back(end);
  news_.status = true;
  changed_.NotifyAll();
}

void Notifier::Run() {
  while (std::optional<News> news = Await()) {
    Tell(*news);
    hooks_.look();
  }
}

std::optional<Notifier::News> Notifier::Await() {
  MutexLock lock(&mutex_);
  const CondVar::Deadline look = CondVar::In(kLookEvery);
  while (running_ && news_.empty()) {
    if (!changed_.WaitUntil(mutex_, look)) break;
  }
  if (!running_) return std::nullopt;
  return std::exchange(news_, {});
}

void Notifier::Tell(const News& news) {
  if (callbacks_.on_tasks && (news.any_task || !news.tasks.empty())) {
    callbacks_.on_tasks(news.any_task ? ChangedTasks() : ChangedTasks(news.tasks.begin(), news.tasks.end()));
  }
  if (callbacks_.on_synced) {
    for (const RunEnd& end : news.ends) callbacks_.on_synced(end);
  }
  if (!callbacks_.on_status || !news.status) return;
  std::optional<SyncStatus> status = hooks_.status();
  if (!status || status == told_) return;
  told_ = status;
  callbacks_.on_status(*status);
}

}  // namespace tidemark::client
