#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include "loss/tensors.hpp"

using namespace soundalike;

namespace {

constexpr std::array names{"mrstft", "mrstft-original", "mrstft-wide", "mel-stft", "l1", "si-sdr", "esr"};

struct Golden {
  std::string_view pair;
  std::array<double, names.size()> losses;
};

// auraloss 0.4.0 in double precision; made by tools/golden/loss.py.
constexpr Golden goldens[] = {
    {"noise, half as loud", {1.193147181, 9.835387467, 1.193147181, 1.193147181, 0.2515549195, -115.2678158, 0.25}},
    {"noise, other noise",
     {1.356780438, 12.32430532, 1.37225212, 0.8816577326, 0.6683571075, 54.30856481, 2.007845683}},
    {"noise, noise with 1/1024 of other noise",
     {0.001695096343, 0.01401604763, 0.001798390064, 0.000956264834, 0.000488453713, -60.23328433, 9.493517108e-07}},
    {"pluck, detuned",
     {0.3551560353, 0.4506414163, 0.5728009721, 0.3945126949, 0.1607801249, 40.88410039, 1.997117548}},
    {"pluck, clipped", {1.579433967, 1.401871236, 1.557653226, 1.498042586, 0.03868059112, -6.789204525, 0.3466398277}},
    {"pluck, faster decay",
     {1.067897207, 0.8791406037, 1.100783114, 1.658636581, 0.09463445197, -2.499385894, 0.4499763546}},
    {"silence, pluck", {1.649796268, 2.088324586, 1.885317354, 2.543918196, 0.1264650393, 80, 0.9999999999}},
    {"pluck, silence", {34331.83126, 2.088324586, 61103.68392, 79762.24614, 0.1264650393, 80, 6752951076}},
};

/// Single precision against double: the last digits of sums over 40 000 samples. Its pre-emphasis runs backwards, which
/// leaves the last sample out of one sum and the first out of the other, 2e-5 of noise's energy.
double tolerance(std::string_view name) { return name == "esr" ? 5e-5 : 2e-5; }

}  // namespace

TEST_CASE("losses_equal_the_public_library") {
  for (std::size_t i = 0; i < names.size(); ++i) {
    CAPTURE(std::string(names[i]));
    const auto loss = make_loss(names[i], {.sample_rate = golden::rate});
    for (const Golden& row : goldens) {
      CAPTURE(std::string(row.pair));
      const auto pair = golden::pair_of(row.pair);
      const auto value = (*loss)(tensors::example(pair.estimate), tensors::example(pair.target)).item<double>();
      // In dB what is left of equals is rounding, and a ratio near 1e5 dB has no digits left in single precision.
      if (std::string_view(names[i]) == "si-sdr" && row.losses[i] < -100.0) {
        CHECK(value < -100.0);
      } else {
        CHECK(value == doctest::Approx(row.losses[i]).epsilon(tolerance(names[i])));
      }
    }
  }
}
