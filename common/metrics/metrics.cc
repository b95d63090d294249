#include "common/metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>
#include <unordered_map>

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

}  // namespace

struct Registry::Impl {
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
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace tidemark::metrics
