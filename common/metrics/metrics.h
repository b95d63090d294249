// Counters, gauges and histograms of this process, as /metrics shows them (Prometheus text).
//
//   metrics::Counter& hits =
//       registry.AddCounter("tidemark_head_cache_total", "Reads of the head cache.", {{"result", "hit"}});
//   hits.Increment();
//
// Thread-safe. Handles live as long as the registry.
#pragma once

#include <map>
#include <memory>
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
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::metrics
