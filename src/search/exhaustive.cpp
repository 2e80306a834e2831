#include <algorithm>

#include "search/search_base.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

// Every point of a space of categories once: the starts, then the others in random order.
class ExhaustiveSearch final : public SearchBase {
 public:
  explicit ExhaustiveSearch(const SearchOptions& all) : SearchBase(all) {
    const auto& starts = options().starts;
    for (const auto& start : starts) {
      if (std::ranges::find(points_, start) == points_.end()) points_.push_back(start);
    }
    std::vector<std::vector<double>> others;
    std::vector<std::size_t> digits(options().dimensions.size(), 0);
    do {
      auto point = point_of(digits);
      if (std::ranges::find(starts, point) == starts.end()) others.push_back(std::move(point));
    } while (count_up(digits));
    Rng rng = Rng::derive(options().seed, 0xe84a);
    for (std::size_t i = others.size(); i > 1; --i) std::swap(others[i - 1], others[rng.below(i)]);
    points_.insert(points_.end(), others.begin(), others.end());
  }

 protected:
  std::vector<std::vector<double>> propose() override {
    const std::size_t count = std::min(options().population.value_or(32), points_.size() - proposed_);
    const auto first = points_.begin() + static_cast<std::ptrdiff_t>(proposed_);
    proposed_ += count;
    return {first, first + static_cast<std::ptrdiff_t>(count)};
  }
  void learn(const std::vector<std::vector<double>>&, const std::vector<double>&) override {}

 private:
  std::vector<double> point_of(const std::vector<std::size_t>& digits) const {
    std::vector<double> point(digits.size());
    for (std::size_t i = 0; i < digits.size(); ++i) point[i] = value_of(digits[i], options().dimensions[i].categories);
    return point;
  }
  bool count_up(std::vector<std::size_t>& digits) const {
    for (std::size_t i = 0; i < digits.size(); ++i) {
      if (++digits[i] < options().dimensions[i].categories) return true;
      digits[i] = 0;
    }
    return false;
  }

  std::vector<std::vector<double>> points_;
  std::size_t proposed_ = 0;
};

}  // namespace

std::unique_ptr<Search> make_exhaustive_search(const SearchOptions& options) {
  return std::make_unique<ExhaustiveSearch>(options);
}

}  // namespace soundalike
