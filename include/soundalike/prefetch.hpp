#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "soundalike/dataset.hpp"

namespace soundalike {

struct PrefetchOptions {
  std::size_t workers = 2;   ///< threads; 0: next() does the work itself
  std::size_t capacity = 0;  ///< examples ready or being made at once, bounds the memory; 0: 4 per worker
  std::stop_token stop = {};
};

/// Makes the examples of a dataset ahead of time on worker threads and hands them out in order.
///
///   Prefetcher<TrainingPair> queue(pairs, {.workers = 3, .stop = stop});
///   while (auto pair = queue.next()) train(*pair);
///
/// The sequence is that of get(0), get(1), ..., whatever the number of workers. An example that throws is thrown again
/// by next() in its place, and the ones after it still come. next() is for one thread.
template <class T>
class Prefetcher {
 public:
  explicit Prefetcher(std::shared_ptr<const Dataset<T>> dataset, PrefetchOptions options = {})
      : dataset_(std::move(dataset)), size_(dataset_->size()), stop_(std::move(options.stop)) {
    capacity_ = std::max<std::size_t>(1, options.capacity > 0 ? options.capacity : 4 * options.workers);
    for (std::size_t i = 0; i < options.workers; ++i) {
      workers_.emplace_back([this](const std::stop_token& ended) { work(ended); });
    }
  }
  ~Prefetcher() {
    for (auto& worker : workers_) worker.request_stop();
  }
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// The next example; nothing at the end and once a stop was requested.
  /// @throws what Dataset::get threw for it.
  std::optional<T> next() {
    if (stop_.stop_requested()) return std::nullopt;
    if (workers_.empty()) return taken_ < size_ ? std::optional<T>(dataset_->get(taken_++)) : std::nullopt;
    std::unique_lock lock(mutex_);
    if (taken_ == size_) return std::nullopt;
    if (!ready_.wait(lock, stop_, [&] { return done_.contains(taken_); })) return std::nullopt;
    auto node = done_.extract(taken_++);
    lock.unlock();
    room_.notify_one();
    if (auto* failure = std::get_if<std::exception_ptr>(&node.mapped())) std::rethrow_exception(*failure);
    return std::move(std::get<T>(node.mapped()));
  }

 private:
  using Result = std::variant<T, std::exception_ptr>;

  Result make(std::size_t i) const {
    try {
      return dataset_->get(i);
    } catch (...) {
      return std::current_exception();
    }
  }

  void work(const std::stop_token& ended) {
    std::unique_lock lock(mutex_);
    while (room_.wait(lock, ended, [&] { return begun_ == size_ || begun_ < taken_ + capacity_; })) {
      if (begun_ == size_ || stop_.stop_requested()) return;
      const std::size_t i = begun_++;
      lock.unlock();
      Result result = make(i);
      lock.lock();
      done_.emplace(i, std::move(result));
      ready_.notify_one();
    }
  }

  std::shared_ptr<const Dataset<T>> dataset_;
  std::size_t size_, capacity_ = 1;
  std::stop_token stop_;
  std::mutex mutex_;
  std::condition_variable_any ready_;  // an example is done
  std::condition_variable_any room_;   // one was taken
  std::size_t begun_ = 0, taken_ = 0;
  std::map<std::size_t, Result> done_;
  std::vector<std::jthread> workers_;  // last: they end before what they use
};

}  // namespace soundalike
