#pragma once

namespace soundalike {

/// P(Z <= z) of a standard normal.
double normal_cdf(double z);
/// P(X >= x) of chi-squared; x >= 0.
double chi_squared_tail(double x, double degrees);
/// P(X >= f) of F; f >= 0. Degrees need not be whole.
double f_tail(double f, double numerator, double denominator);
/// P(Q >= q) of the range of `groups` independent standard normals: the studentized range with infinitely many
/// degrees.
double range_tail(double q, int groups);

}  // namespace soundalike
