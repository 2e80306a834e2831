#include "effect/quirks.hpp"

#include <array>

namespace soundalike {
namespace {

constexpr std::array quirks{
    // Sets its sample rate after it has computed coefficients for 44.1 kHz, and computes new ones only for knobs that
    // differ from their defaults: RingMod, ThruZero, TalkBox, Loudness, Degrade and RezFilter are audibly wrong at
    // their defaults otherwise. run(0) crashes or changes other packs, so it is for this one alone.
    Quirk{.uri_prefix = "http://drobilla.net/plugins/mda/", .prime = true},
    Quirk{.uri_prefix = "http://plugin.org.uk/swh-plugins/mbeq", .preload = "libfftw3f.so.3"},
    Quirk{.uri_prefix = "http://plugin.org.uk/swh-plugins/pitchScaleHQ", .preload = "libfftw3f.so.3"},
    Quirk{.uri_prefix = "http://breakfastquay.com/rdf/lv2-rubberband#r3mono",
          .binary_uri = "http://breakfastquay.com/rdf/lv2-rubberband-r3#mono"},
    Quirk{.uri_prefix = "http://breakfastquay.com/rdf/lv2-rubberband#r3stereo",
          .binary_uri = "http://breakfastquay.com/rdf/lv2-rubberband-r3#stereo"},
    // Their noise generators are static variables of the library: no two renders in one process are alike.
    Quirk{.uri_prefix = "http://plugin.org.uk/swh-plugins/vynil", .isolate = true},
    Quirk{.uri_prefix = "ladspa:vynil_1905#", .isolate = true},
    Quirk{.uri_prefix = "http://guitarix.sourceforge.net/plugins/gx_jcm800pre_", .isolate = true},
    Quirk{.uri_prefix = "http://distrho.sf.net/plugins/MaPitchshift", .isolate = true},
    Quirk{.uri_prefix = "ladspa:MaPitchshift-ladspa#", .isolate = true},
    // Not so at 48 kHz, but at 24 kHz.
    Quirk{.uri_prefix = "http://guitarix.sourceforge.net/plugins/gx_oc_2_", .isolate = true},
    // ZamHeadX2: the second instance in a process sounds other than the first.
    Quirk{.uri_prefix = "vst3:2046504473616C633244485A00000000", .isolate = true},
    Quirk{.uri_prefix = "clap:com.zamaudio.ZamHeadX2", .isolate = true},
};
constexpr Quirk none{};

}  // namespace

const Quirk& quirk_of(std::string_view plugin_uri) {
  for (const Quirk& quirk : quirks) {
    if (plugin_uri.starts_with(quirk.uri_prefix)) return quirk;
  }
  return none;
}

}  // namespace soundalike
