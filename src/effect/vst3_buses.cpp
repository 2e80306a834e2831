#include "effect/vst3_buses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "effect/plugin_call.hpp"
#include "effect/vst3_text.hpp"
#include "soundalike/error.hpp"

namespace soundalike::vst3 {
namespace {

namespace vst = Steinberg::Vst;
using Steinberg::int32;

constexpr int32 most_buses = 64;

int32 bus_count(const Plugin& plugin, vst::BusDirection direction) {
  return std::clamp(plugin.component().getBusCount(vst::kAudio, direction), 0, most_buses);
}

vst::BusInfo info_of(const Plugin& plugin, vst::BusDirection direction, int32 index) {
  vst::BusInfo info{};
  plugin.component().getBusInfo(vst::kAudio, direction, index, info);
  return info;
}

/// The first main bus that carries audio, not control voltages; the first of all where none is called main.
std::size_t main_bus(const Plugin& plugin, vst::BusDirection direction) {
  const int32 count = bus_count(plugin, direction);
  for (int32 i = 0; i < count; ++i) {
    const vst::BusInfo info = info_of(plugin, direction, i);
    if (info.busType == vst::kMain && (info.flags & vst::BusInfo::kIsControlVoltage) == 0) {
      return static_cast<std::size_t>(i);
    }
  }
  return 0;
}

vst::SpeakerArrangement arrangement(std::size_t channels) {
  if (channels == 1) return vst::SpeakerArr::kMono;
  if (channels == 2) return vst::SpeakerArr::kStereo;
  return channels == 0 ? vst::SpeakerArr::kEmpty : (vst::SpeakerArrangement{1} << channels) - 1;
}

std::vector<vst::SpeakerArrangement> arrangements(const Plugin& plugin, vst::BusDirection direction) {
  std::vector<vst::SpeakerArrangement> found;
  for (int32 i = 0; i < bus_count(plugin, direction); ++i) {
    vst::SpeakerArrangement speakers = 0;
    if (plugin.processor().getBusArrangement(direction, i, speakers) != Steinberg::kResultOk) {
      speakers = arrangement(static_cast<std::size_t>(std::max(0, info_of(plugin, direction, i).channelCount)));
    }
    found.push_back(speakers);
  }
  return found;
}

std::vector<std::size_t> widths(const Plugin& plugin, vst::BusDirection direction) {
  constexpr int32 most_channels = 64;
  std::vector<std::size_t> found;
  for (int32 i = 0; i < bus_count(plugin, direction); ++i) {
    found.push_back(static_cast<std::size_t>(std::clamp(info_of(plugin, direction, i).channelCount, 0, most_channels)));
  }
  return found;
}

Buses buses_of(const Plugin& plugin) {
  return {widths(plugin, vst::kInput), widths(plugin, vst::kOutput), main_bus(plugin, vst::kInput),
          main_bus(plugin, vst::kOutput)};
}

bool fits(const Buses& buses) {
  const auto one_or_two = [](std::size_t width) { return width == 1 || width == 2; };
  return one_or_two(buses.width_in()) && one_or_two(buses.width_out());
}

/// Whether the plugin takes this arrangement of its main buses, or makes of it one that will do.
bool take(const Plugin& plugin, std::size_t in, std::size_t out) {
  auto inputs = arrangements(plugin, vst::kInput);
  auto outputs = arrangements(plugin, vst::kOutput);
  const Buses before = buses_of(plugin);
  inputs[before.main_input] = arrangement(in);
  outputs[before.main_output] = arrangement(out);
  const auto result = plugin.processor().setBusArrangements(inputs.data(), static_cast<int32>(inputs.size()),
                                                            outputs.data(), static_cast<int32>(outputs.size()));
  const Buses after = buses_of(plugin);
  return result == Steinberg::kResultTrue && after.width_in() == in && after.width_out() == out;
}

}  // namespace

std::string unusable_buses(const Plugin& plugin, bool instrument) {
  const bool no_input = bus_count(plugin, vst::kInput) == 0;
  const bool no_output = bus_count(plugin, vst::kOutput) == 0;
  if (no_input && no_output) return "MIDI or event processor: no audio";
  if (no_input) return instrument ? "instrument: no audio input" : "generator: no audio input";
  if (no_output) return "analyser: no audio output";
  if (plugin.processor().canProcessSampleSize(vst::kSample32) != Steinberg::kResultTrue) {
    return "processes samples of 64 bits only; those here have 32";
  }
  return "";
}

Buses arrange_buses(const Plugin& plugin, std::size_t channels) {
  return call_plugin(plugin.name(), [&] {
    const std::size_t other = 3 - channels;
    const std::array<std::pair<std::size_t, std::size_t>, 4> wishes{
        {{channels, channels}, {other, other}, {1, 2}, {2, 1}}};
    for (const auto& [in, out] : wishes) {
      if (take(plugin, in, out)) break;
      // One that has buses of its own and keeps them is taken as it is.
      if (fits(buses_of(plugin))) break;
    }
    Buses buses = buses_of(plugin);
    if (!fits(buses)) {
      throw Error(ErrorCode::unsupported,
                  fmt::format("its main buses have {} and {} channels, and it takes neither mono nor stereo",
                              buses.width_in(), buses.width_out()));
    }
    // A side chain that is switched off is one that some plugins feed with their main input.
    for (int32 i = 0; i < static_cast<int32>(buses.inputs.size()); ++i) {
      plugin.component().activateBus(vst::kAudio, vst::kInput, i, true);
    }
    plugin.component().activateBus(vst::kAudio, vst::kOutput, static_cast<int32>(buses.main_output), true);
    return buses;
  });
}

}  // namespace soundalike::vst3
