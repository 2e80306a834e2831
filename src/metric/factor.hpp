#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace soundalike::metric {

/// A matrix by columns: what its users walk along lies together.
struct Columns {
  std::size_t rows = 0;
  std::vector<std::vector<double>> columns;
};

/// R with R^T R = A^T A and no more rows than columns: Householder's QR, without Q.
Columns triangular_factor(Columns a);

/// A B^T.
Columns times_transposed(const Columns& a, const Columns& b);

/// Sum of the singular values: one-sided Jacobi rotations (Hestenes 1958), exact to rounding also for small ones.
double nuclear_norm(Columns a);

}  // namespace soundalike::metric
