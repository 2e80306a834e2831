#include "contract/effect_contract.hpp"

#include "effect/builtin.hpp"
#include "ladspa_plugins.hpp"
#include "real_plugins.hpp"
#include "soundalike/effect_chain.hpp"
#include "test_plugins.hpp"
#include "vst3_modules.hpp"

using namespace soundalike;

TEST_CASE("test_plugins_meet_the_effect_contract") {
  for (const char* name : {"gain", "mono-gain", "mono-to-stereo", "stereo-to-mono", "side-chain", "latency", "knobs",
                           "block-dependent", "parameters", "cutoff", "whole-blocks", "worker", "default-state"}) {
    const auto& listing = test_plugin(name);
    check_effect_contract(name, [&](const RenderSetup& setup) { return open_effect(listing, setup); });
  }
}

TEST_CASE("vst3_test_plugins_meet_the_effect_contract") {
  for (const char* name : {"gain", "knobs", "many", "side-chain", "latency", "transport", "split", "mono", "stereo",
                           "mono-to-stereo", "stereo-to-mono", "folds", "two-outputs"}) {
    const auto& listing = vst3_test_plugin(name);
    check_effect_contract(name, [&](const RenderSetup& setup) { return open_effect(listing, setup); });
  }
}

TEST_CASE("installed_vst3_plugins_meet_the_effect_contract") {
  // ZamHeadX2 and ZamVerb read memory they never wrote or take half a second to start: in render workers only.
  for (const char* name :
       {"ZaMaximX2", "ZaMultiComp", "ZaMultiCompX2", "ZamAutoSat", "ZamComp", "ZamCompX2", "ZamDelay", "ZamDynamicEQ",
        "ZamEQ2", "ZamGEQ31", "ZamGate", "ZamGateX2", "ZamGrains", "ZamPhono", "ZamTube"}) {
    const auto bundle = std::filesystem::path("/usr/lib/vst3") / (std::string(name) + ".vst3");
    if (!std::filesystem::exists(bundle)) {
      MESSAGE("skipped: not installed: " << name);
      continue;
    }
    const auto listings = scan_vst3(bundle);
    REQUIRE(listings.size() == 1);
    check_effect_contract(name, [&](const RenderSetup& setup) { return open_effect(listings.front(), setup); });
  }
}

TEST_CASE("chain_meets_the_effect_contract") {
  check_effect_contract("latency + gain + latency + VST3 latency", [](const RenderSetup& setup) {
    std::vector<std::unique_ptr<Effect>> effects;
    for (const char* name : {"latency", "gain", "latency"}) effects.push_back(open_effect(test_plugin(name), setup));
    effects.push_back(open_effect(vst3_test_plugin("latency"), setup));
    return std::make_unique<EffectChain>(std::move(effects));
  });
}

TEST_CASE("installed_plugins_meet_the_effect_contract") {
  for (const char* uri : {
           "http://drobilla.net/plugins/mda/Overdrive",
           "http://drobilla.net/plugins/mda/Ambience",
           "http://drobilla.net/plugins/mda/RingMod",
           "http://drobilla.net/plugins/mda/Combo",
           "http://drobilla.net/plugins/mda/Dynamics",
           "http://drobilla.net/plugins/mda/MultiBand",
           "http://drobilla.net/plugins/mda/ThruZero",
           "http://drobilla.net/plugins/mda/Leslie",
           "http://plugin.org.uk/swh-plugins/gverb",
           "http://plugin.org.uk/swh-plugins/dj_eq",
           "http://calf.sourceforge.net/plugins/Reverb",
           "http://gareus.org/oss/lv2/fil4#stereo",
           "http://gareus.org/oss/lv2/dpl#mono",
           "urn:zamaudio:ZamComp",
           "urn:zamaudio:ZamCompX2",
           "urn:dragonfly:plate",
           "http://distrho.sf.net/plugins/3BandEQ",
           "http://invadarecords.com/plugins/lv2/filter/lpf/stereo",
           "http://guitarix.sourceforge.net/plugins/gx_zita_rev1_stereo#_zita_rev1_stereo",
           "http://lsp-plug.in/plugins/lv2/para_equalizer_x16_stereo",
           "http://lsp-plug.in/plugins/lv2/sc_compressor_stereo",
       }) {
    const EffectListing* listing = installed(uri);
    if (!listing) continue;
    check_effect_contract(uri, [&](const RenderSetup& setup) { return open_effect(*listing, setup); });
  }
}

TEST_CASE("installed_ladspa_plugins_meet_the_effect_contract") {
  for (const char* id :
       {"ladspa:tap_reverb#tap_reverb", "ladspa:tap_limiter#tap_limiter", "ladspa:tap_eq#tap_equalizer",
        "ladspa:caps#Plate", "ladspa:caps#Saturate", "ladspa:caps#CompressX2", "ladspa:cmt#freeverb3",
        "ladspa:filter#lpf", "ladspa:plate_1423#plate", "ladspa:ZamTube-ladspa#ZamTube"}) {
    const auto& all = installed_effects();
    const auto found = std::ranges::find(all, id, [](const EffectListing& l) { return l.info.id; });
    if (found == all.end()) {
      MESSAGE("skipped: not installed: " << id);
      continue;
    }
    check_effect_contract(id, [&](const RenderSetup& setup) { return open_effect(*found, setup); });
  }
}

TEST_CASE("a_chain_of_formats_meets_the_effect_contract") {
  check_effect_contract("lv2 + ladspa + builtin", [](const RenderSetup& setup) {
    std::vector<std::unique_ptr<Effect>> effects;
    effects.push_back(open_effect(test_plugin("latency"), setup));
    effects.push_back(open_effect(ladspa_plugin("late"), setup));
    const auto builtin = list_builtin("");
    for (const EffectListing& listing : builtin) effects.push_back(open_effect(listing, setup));
    return std::make_unique<EffectChain>(std::move(effects));
  });
}
