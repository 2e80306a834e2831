#include "evaluate/systems.hpp"

namespace soundalike::evaluate {
namespace {

// In the order of tables.
constexpr const System* rows[] = {&dry_system,       &preset_system,     &middle_system,  &random_system,
                                  &neighbour_system, &rule_system,       &predict_system, &refined_system,
                                  &search_system,    &soundalike_system, &oracle_system};

}  // namespace

std::span<const System* const> systems() { return rows; }

}  // namespace soundalike::evaluate
