#include "metric/factor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace soundalike::metric {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b, std::size_t first = 0) {
  double sum = 0.0;
  for (std::size_t i = first; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Rotates two columns until they are orthogonal. @return whether they were not yet.
bool orthogonalise(std::vector<double>& p, std::vector<double>& q, double negligible) {
  const double pp = dot(p, p), qq = dot(q, q), pq = dot(p, q);
  if (std::abs(pq) <= 1e-14 * std::sqrt(pp) * std::sqrt(qq) || std::min(pp, qq) <= negligible) return false;
  const double zeta = (qq - pp) / (2.0 * pq);
  const double tangent = std::copysign(1.0, zeta) / (std::abs(zeta) + std::hypot(1.0, zeta));
  const double cosine = 1.0 / std::hypot(1.0, tangent), sine = cosine * tangent;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double x = p[i];
    p[i] = cosine * x - sine * q[i];
    q[i] = sine * x + cosine * q[i];
  }
  return true;
}

Columns transposed(const Columns& a) {
  Columns out{a.columns.size(), std::vector(a.rows, std::vector<double>(a.columns.size()))};
  for (std::size_t c = 0; c < a.columns.size(); ++c) {
    for (std::size_t r = 0; r < a.rows; ++r) out.columns[r][c] = a.columns[c][r];
  }
  return out;
}

}  // namespace

Columns triangular_factor(Columns a) {
  const std::size_t n = a.columns.size();
  if (a.rows <= n) return a;
  for (std::size_t k = 0; k < n; ++k) {
    std::vector<double> mirror = a.columns[k];
    std::fill_n(mirror.begin(), k, 0.0);
    const double length = std::sqrt(dot(mirror, mirror, k));
    if (length == 0.0) continue;
    mirror[k] += std::copysign(length, mirror[k]);
    const double energy = dot(mirror, mirror, k);
    for (std::size_t c = k; c < n; ++c) {
      const double scale = 2.0 * dot(mirror, a.columns[c], k) / energy;
      for (std::size_t i = k; i < a.rows; ++i) a.columns[c][i] -= scale * mirror[i];
    }
  }
  a.rows = n;
  for (auto& column : a.columns) column.resize(n);
  return a;
}

Columns times_transposed(const Columns& a, const Columns& b) {
  Columns out{a.rows, std::vector(b.rows, std::vector<double>(a.rows))};
  for (std::size_t k = 0; k < a.columns.size(); ++k) {
    for (std::size_t c = 0; c < b.rows; ++c) {
      const double scale = b.columns[k][c];
      for (std::size_t r = 0; r < a.rows; ++r) out.columns[c][r] += scale * a.columns[k][r];
    }
  }
  return out;
}

double nuclear_norm(Columns a) {
  if (a.columns.size() > a.rows) a = transposed(a);
  double total = 0.0;
  for (const auto& column : a.columns) total += dot(column, column);
  constexpr int most_sweeps = 60;  // it takes about ten
  // Columns whose squared norm is at rounding level of the whole: their directions are noise.
  const double negligible = total * std::numeric_limits<double>::epsilon() * std::numeric_limits<double>::epsilon();
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    bool turned = false;
    for (std::size_t p = 0; p + 1 < a.columns.size(); ++p) {
      for (std::size_t q = p + 1; q < a.columns.size(); ++q) {
        turned = orthogonalise(a.columns[p], a.columns[q], negligible) || turned;
      }
    }
    if (!turned) break;
  }
  double sum = 0.0;
  for (const auto& column : a.columns) sum += std::sqrt(dot(column, column));
  return sum;
}

}  // namespace soundalike::metric
