#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace soundalike {

/// Examples by number: what training reads from. Views compose, and each is a Dataset again:
///
///   auto pairs = std::make_shared<TrainingPairs>(recordings, store, PairOptions{.seed = 7});
///   auto halves = mapped(pairs, [](TrainingPair pair) { return std::move(pair.input); });
///   Prefetcher<AudioBuffer> queue(section(halves, 0, 500), {.workers = 3});
///
/// get(i) depends on i alone and may be called from many threads at once.
template <class T>
class Dataset {
 public:
  using value_type = T;
  virtual ~Dataset() = default;
  virtual std::size_t size() const = 0;
  /// @param i below size().
  virtual T get(std::size_t i) const = 0;
};

/// A dataset seen through a function, which must be callable from many threads at once.
template <class From, class Function>
auto mapped(std::shared_ptr<const From> from, Function function) {
  using T = std::invoke_result_t<const Function&, typename From::value_type>;
  class View final : public Dataset<T> {
   public:
    View(std::shared_ptr<const From> source, Function convert)
        : source_(std::move(source)), convert_(std::move(convert)) {}
    std::size_t size() const override { return source_->size(); }
    T get(std::size_t i) const override { return std::invoke(convert_, source_->get(i)); }

   private:
    std::shared_ptr<const From> source_;
    Function convert_;
  };
  return std::shared_ptr<const Dataset<T>>(std::make_shared<View>(std::move(from), std::move(function)));
}
template <class From, class Function>
auto mapped(std::shared_ptr<From> from, Function function) {
  return mapped(std::shared_ptr<const From>(std::move(from)), std::move(function));
}

/// The examples [first, first + count) of a dataset, fewer where it ends before.
template <class From>
auto section(std::shared_ptr<From> from, std::size_t first, std::size_t count) {
  using T = typename From::value_type;
  class View final : public Dataset<T> {
   public:
    View(std::shared_ptr<const From> source, std::size_t begin, std::size_t most)
        : source_(std::move(source)),
          first_(std::min(begin, source_->size())),
          size_(std::min(most, source_->size() - first_)) {}
    std::size_t size() const override { return size_; }
    T get(std::size_t i) const override { return source_->get(first_ + i); }

   private:
    std::shared_ptr<const From> source_;
    std::size_t first_, size_;
  };
  return std::shared_ptr<const Dataset<T>>(std::make_shared<View>(std::move(from), first, count));
}

}  // namespace soundalike
