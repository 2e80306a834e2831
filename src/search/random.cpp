#include <optional>

#include "search/design.hpp"
#include "search/search_base.hpp"

namespace soundalike {
namespace {

class RandomSearch final : public SearchBase {
 public:
  explicit RandomSearch(const SearchOptions& all) : SearchBase(all), design_(options().dimensions, options().seed) {}

 protected:
  std::vector<std::vector<double>> propose() override {
    const std::size_t count = options().population.value_or(32);
    std::vector<std::vector<double>> points;
    while (points.size() < count) {
      points.push_back(started_ < options().starts.size() ? options().starts[started_++] : design_.next());
    }
    return points;
  }
  void learn(const std::vector<std::vector<double>>&, const std::vector<double>&) override {}

 private:
  Design design_;
  std::size_t started_ = 0;
};

}  // namespace

std::unique_ptr<Search> make_random_search(const SearchOptions& options) {
  return std::make_unique<RandomSearch>(options);
}

}  // namespace soundalike
