#include "common/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace tidemark::metrics {
namespace {

class PrometheusCounter final : public Counter {
 public:
  explicit PrometheusCounter(prometheus::Counter& counter) : counter_(counter) {}
  void Increment(double by) override { counter_.Increment(by); }

 private:
  prometheus::Counter& counter_;
};

class PrometheusGauge final : public Gauge {
 public:
  explicit PrometheusGauge(prometheus::Gauge& gauge) : gauge_(gauge) {}
  void Set(double value) override { gauge_.Set(value); }
  void Add(double by) override { gauge_.Increment(by); }

 private:
  prometheus::Gauge& gauge_;
};

class PrometheusHistogram final : public Histogram {
 public:
  explicit PrometheusHistogram(prometheus::Histogram& histogram) : histogram_(histogram) {}
  void Observe(double value) override { histogram_.Observe(value); }

 private:
  prometheus::Histogram& histogram_;
};

// What one Readings shows under one name and labels.
struct Reading {
  const Readings* owner;
  Labels labels;
  Readings::Read read;
};

struct ReadFamily {
  std::string help;
  prometheus::MetricType type;
  std::vector<Reading> readings;
};

prometheus::ClientMetric Sample(prometheus::MetricType type, const Labels& labels, double value) {
  prometheus::ClientMetric metric;
  for (const auto& [name, text] : labels) metric.label.push_back({name, text});
  (type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return metric;
}

// Nothing: no reading has a value now.
std::optional<prometheus::MetricFamily> Collect(const std::string& name, const ReadFamily& family) {
  std::map<Labels, double> sums;
  for (const Reading& reading : family.readings) {
    const std::optional<double> value = reading.read();
    if (value) sums[reading.labels] += *value;
  }
  if (sums.empty()) return std::nullopt;
  prometheus::MetricFamily collected{name, family.help, family.type, {}};
  for (const auto& [labels, sum] : sums) collected.metric.push_back(Sample(family.type, labels, sum));
  return collected;
}

}  // namespace

struct Registry::Impl {
  void Add(const std::string& name, const std::string& help, prometheus::MetricType type, Reading reading) {
    std::lock_guard lock(reading_mutex);
    ReadFamily& family = read.try_emplace(name, ReadFamily{help, type, {}}).first->second;
    if (family.type != type || family.help != help) {
      throw std::invalid_argument("a metric has one kind and one help text: " + name);
    }
    family.readings.push_back(std::move(reading));
  }

  void Remove(const Readings* owner) {
    std::lock_guard lock(reading_mutex);
    for (auto& [name, family] : read) {
      std::erase_if(family.readings, [owner](const Reading& reading) { return reading.owner == owner; });
    }
    std::erase_if(read, [](const auto& entry) { return entry.second.readings.empty(); });
  }

  void CollectReadings(std::vector<prometheus::MetricFamily>& families) {
    std::lock_guard lock(reading_mutex);
    for (const auto& [name, family] : read) {
      std::optional<prometheus::MetricFamily> collected = Collect(name, family);
      if (collected) families.push_back(*std::move(collected));
    }
  }

  // `theirs` seen before: its handle, otherwise a new one.
  template <typename Handle, typename Theirs>
  Handle& HandleOf(std::unordered_map<const void*, std::unique_ptr<Handle>>& handles, Theirs& theirs) {
    std::lock_guard lock(mutex);
    std::unique_ptr<Handle>& handle = handles[&theirs];
    if (handle == nullptr) handle = std::make_unique<Handle>(theirs);
    return *handle;
  }

  prometheus::Registry registry;
  std::mutex mutex;
  std::unordered_map<const void*, std::unique_ptr<PrometheusCounter>> counters;
  std::unordered_map<const void*, std::unique_ptr<PrometheusGauge>> gauges;
  std::unordered_map<const void*, std::unique_ptr<PrometheusHistogram>> histograms;
  // Held while readings are taken, so that who removes one waits for it.
  std::mutex reading_mutex;
  // By name.
  std::map<std::string, ReadFamily> read;
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

Counter& Registry::AddCounter(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry);
  return impl_->HandleOf(impl_->counters, family.Add(labels));
}

Gauge& Registry::AddGauge(const std::string& name, const std::string& help, const Labels& labels) {
  auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry);
  return impl_->HandleOf(impl_->gauges, family.Add(labels));
}

Histogram& Registry::AddHistogram(const std::string& name, const std::string& help, const Labels& labels,
                                  const std::vector<double>& buckets) {
  auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(impl_->registry);
  return impl_->HandleOf(impl_->histograms, family.Add(labels, buckets));
}

std::string Registry::Text() const {
  std::vector<prometheus::MetricFamily> families = impl_->registry.Collect();
  impl_->CollectReadings(families);
  return prometheus::TextSerializer().Serialize(families);
}

Readings::Readings(Registry& registry) : registry_(registry) {}
Readings::~Readings() { registry_.impl_->Remove(this); }

void Readings::Gauge(const std::string& name, const std::string& help, const Labels& labels, Read read) {
  registry_.impl_->Add(name, help, prometheus::MetricType::Gauge, {this, labels, std::move(read)});
}

void Readings::Counter(const std::string& name, const std::string& help, const Labels& labels, Read read) {
  registry_.impl_->Add(name, help, prometheus::MetricType::Counter, {this, labels, std::move(read)});
}

}  // namespace tidemark::metrics
