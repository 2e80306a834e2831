#include "search/staged_search.hpp"

namespace soundalike {

std::unique_ptr<Search> make_sep_cma_es(const SearchOptions& options) {
  return std::make_unique<StagedSearch>(options, StagedSearch::Shape{make_diagonal_covariance, false});
}

}  // namespace soundalike
