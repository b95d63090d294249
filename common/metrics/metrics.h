// Counters, gauges and histograms of this process, as /metrics shows them (Prometheus text).
//
//   metrics::Counter& hits =
//       registry.AddCounter("tidemark_head_cache_total", "Reads of the head cache.", {{"result", "hit"}});
//   hits.Increment();
//
//   metrics::Readings readings(registry);
//   readings.Gauge("tidemark_http_connections", "Open connections.", {}, [&] { return server.connections();
//   });
//
// Thread-safe. Handles live as long as the registry; finding one takes a lock and a search, so it is done
// once, not where something is counted.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tidemark::metrics {

using Labels = std::map<std::string, std::string>;

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Increment(double by = 1) = 0;
};

class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void Set(double value) = 0;
  virtual void Add(double by) = 0;
};

class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double value) = 0;
};

class Registry {
 public:
  Registry();
  ~Registry();
  // The same name and labels give the same metric. A name has one kind and one help text; that, and names
  // that Prometheus would not take, are the programmer's care: std::invalid_argument.
  Counter& AddCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge& AddGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  // Buckets are upper bounds in seconds, rising.
  Histogram& AddHistogram(const std::string& name, const std::string& help, const Labels& labels,
                          const std::vector<double>& buckets);
  // What a scrape reads: Prometheus text exposition format 0.0.4.
  std::string Text() const;

 private:
  friend class Readings;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What is not counted but read anew at each scrape, from what knows it anyway. Thread-safe.
class Readings {
 public:
  // Called at a scrape, one at a time, on the scraper's thread: not to block, nor to call the registry or
  // this. Nothing: there is no such value now, and the scrape is without it.
  using Read = std::function<std::optional<double>()>;

  // `registry` outlives this.
  explicit Readings(Registry& registry);
  // What was added is shown no longer, and nothing of it is called any more. So declare it after what it
  // reads.
  ~Readings();
  Readings(const Readings&) = delete;
  Readings& operator=(const Readings&) = delete;

  // As Registry's; but a name is either read or counted. Two with the same name and labels, of whomever, are
  // shown as their sum.
  void Gauge(const std::string& name, const std::string& help, const Labels& labels, Read read);
  // Only ever rises, until the process ends.
  void Counter(const std::string& name, const std::string& help, const Labels& labels, Read read);

 private:
  Registry& registry_;
};

}  // namespace tidemark::metrics
