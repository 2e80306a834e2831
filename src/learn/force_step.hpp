#pragma once

#include <array>
#include <cstddef>

#include "learn/attraction.hpp"

namespace soundalike::learn {

/// As many places as are moved at once.
inline constexpr std::size_t lanes = 16;

/// A place per lane.
struct Spots {
  std::array<float, lanes> x{}, y{};

  Place at(std::size_t lane) const { return {x[lane], y[lane]}; }
  void put(std::size_t lane, Place place) {
    x[lane] = place.x;
    y[lane] = place.y;
  }
};

/// Whom each lane's place meets, and by how much that moves it; 0: not at all.
struct Meeting {
  Spots other;
  std::array<float, lanes> rate{};
};

/// Force::attract in every lane.
void attract(Spots& places, const Force& force, const Meeting& meeting);
/// Force::repel in every lane.
void repel(Spots& places, const Force& force, const Meeting& meeting);

}  // namespace soundalike::learn
