// Plugins that come in LV2 and in LADSPA: the same settings give the same audio, so neither host adds anything. Other
// packs and formats, through the workers: render/format_parity_test.cpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "real_plugins.hpp"
#include "signals.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

const EffectListing* by_id(const std::string& id) {
  const auto& all = installed_effects();
  const auto found = std::ranges::find(all, id, [](const EffectListing& l) { return l.info.id; });
  return found == all.end() ? nullptr : &*found;
}

/// The largest difference between the two, over the largest output, at a few settings; both have their knobs in the
/// same order.
double largest_difference(const EffectListing& a, const EffectListing& b) {
  const RenderSetup setup{SampleRate{48000}, 2};
  const auto one = open_effect(a, setup), other = open_effect(b, setup);
  REQUIRE(one->parameters().size() == other->parameters().size());
  const AudioBuffer dry = noise(2, 12000, 48000);
  Rng rng(11);
  double worst = 0.0;
  for (int trial = 0; trial < 4; ++trial) {
    std::vector<float> here, there;
    for (std::size_t i = 0; i < one->parameters().size(); ++i) {
      const Parameter& p = one->parameters()[i];
      const Parameter& q = other->parameters()[i];
      // Where the ranges differ, both get what both can take.
      const float plain =
          std::clamp(p.to_plain(trial == 0 ? p.default_setting() : static_cast<float>(rng.uniform(0.1, 0.9))),
                     q.minimum, q.maximum);
      here.push_back(p.to_setting(plain));
      there.push_back(q.to_setting(plain));
    }
    const AudioBuffer x = one->render(dry, here), y = other->render(dry, there);
    const float scale = std::max(1.0f, peak(x));
    for (std::size_t i = 0; i < x.samples().size(); ++i) {
      worst = std::max(worst, std::abs(double{x.samples()[i]} - y.samples()[i]) / scale);
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("the_same_effect_in_lv2_and_ladspa_gives_the_same_audio") {
  for (const char* label :
       {"ladspa:amp_1181#amp", "ladspa:comb_1190#comb", "ladspa:decimator_1202#decimator", "ladspa:delay_1898#delay_c",
        "ladspa:dj_flanger_1438#djFlanger", "ladspa:fad_delay_1192#fadDelay", "ladspa:foverdrive_1196#foverdrive",
        "ladspa:giant_flange_1437#giantFlange", "ladspa:gverb_1216#gverb", "ladspa:hard_limiter_1413#hardLimiter",
        "ladspa:lcr_delay_1436#lcrDelay", "ladspa:mod_delay_1419#modDelay", "ladspa:plate_1423#plate",
        "ladspa:satan_maximiser_1408#satanMaximiser", "ladspa:sc1_1425#sc1", "ladspa:sc4_1882#sc4",
        "ladspa:shaper_1187#shaper", "ladspa:single_para_1203#singlePara", "ladspa:tape_delay_1211#tapeDelay"}) {
    CAPTURE(label);
    const std::string id = label, name = id.substr(id.find('#') + 1);
    const EffectListing* ladspa = by_id(id);
    const EffectListing* lv2 = by_id("lv2:http://plugin.org.uk/swh-plugins/" + name);
    if (!ladspa || !lv2) {
      MESSAGE("skipped: not installed in both formats: " << name);
      continue;
    }
    CHECK(largest_difference(*lv2, *ladspa) <= 1e-5);
  }
}
