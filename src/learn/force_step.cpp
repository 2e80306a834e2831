#include "learn/force_step.hpp"

#include "base/vectorised.hpp"

// Built with -fno-trapping-math: no rounding changes, but comparisons may become selections of vectors.
namespace soundalike::learn {

SOUNDALIKE_VECTORISED void attract(Spots& places, const Force& force, const Meeting& meeting) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    Place place = places.at(lane);
    force.attract(place, meeting.other.at(lane), meeting.rate[lane]);
    places.put(lane, place);
  }
}

SOUNDALIKE_VECTORISED void repel(Spots& places, const Force& force, const Meeting& meeting) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    Place place = places.at(lane);
    force.repel(place, meeting.other.at(lane), meeting.rate[lane]);
    places.put(lane, place);
  }
}

}  // namespace soundalike::learn
