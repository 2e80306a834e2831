#pragma once

#include <Eigen/Dense>
#include <optional>
#include <span>

#include "search/evolution.hpp"

namespace soundalike {

/// A point and its finite cost.
struct Told {
  Eigen::VectorXd point;
  double cost;
};

/// Where a quadratic fitted to the costs told so far is lowest, inside the box and within a standard deviation of
/// the mean of `run` along every axis: a guess worth one evaluation per population (the idea of lq-CMA-ES, Hansen
/// 2019).
///
/// Weighted ridge regression on the points nearest the mean, in the coordinates of the run; near and good points count
/// more. With interactions when there are enough points, without while there are not.
/// @param reach how many times 1.5 points per coefficient are fitted; more smooths over a rougher landscape.
/// @param interactions false: never fit them.
/// @return nothing while there are too few points, or when all cost the same.
std::optional<Eigen::VectorXd> model_minimum(const Evolution& run, std::span<const Told> told, double reach,
                                             bool interactions);

}  // namespace soundalike
