#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/probe.hpp"
#include "soundalike/settings_space.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "effect", .kind = ValueKind::effect, .help = "the effect to measure: id, URI or name"},
};
constexpr Option options[] = {
    {.name = "output",
     .letter = 'o',
     .kind = ValueKind::output_file,
     .value = "FILE",
     .help = "write the profile; without it, only report"},
    settings_option("leave a knob where you say, in its own unit, and do not probe it: level_in=1"),
    {.name = "rate",
     .kind = ValueKind::number,
     .value = "HZ",
     .fallback = "48000",
     .minimum = 8000,
     .maximum = 384000,
     .unit = "Hz",
     .help = "sample rate to probe at"},
    {.name = "channels",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "2",
     .minimum = 1,
     .maximum = 2,
     .help = "1: on mono audio, 2: on stereo audio"},
    {.name = "block",
     .kind = ValueKind::integer,
     .value = "FRAMES",
     .fallback = "1024",
     .minimum = 16,
     .maximum = 65536,
     .help = "block size"},
    {.name = "seed",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "1",
     .minimum = 0,
     .help = "of the random settings"},
};
constexpr Example examples[] = {
    {"soundalike effects probe 'MDA Delay'", "what its knobs do"},
    {"soundalike effects probe 'MDA Delay' -o ~/.config/soundalike/profiles/mda-delay.json",
     "a profile that match will use"},
    {"soundalike effects probe 'Calf Saturator' -s level_in=1 -o calf-saturator.json", "with a knob that stays put"},
};

std::string range_text(const Parameter& parameter, const Profile::Knob& knob) {
  if (!knob.free) return "fixed at " + parameter.text(knob.setting);
  return parameter.text(knob.low) + " to " + parameter.text(knob.high);
}

int run(const Arguments& arguments, Context& context) {
  const std::string output = arguments.text("output");
  if (!output.empty()) check_writable(output);  // told before the measurements
  const EffectLibrary library;
  const EffectListing& listing = library.find(arguments.text("effect"));
  ProbeOptions probe_options;
  probe_options.setup = {{arguments.number("rate")},
                         static_cast<std::size_t>(arguments.integer("channels")),
                         static_cast<std::size_t>(arguments.integer("block"))};
  probe_options.seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  probe_options.renderer.workers = context.jobs();
  SettingsSpace space(std::span(&listing, 1), std::array{Profile::from_metadata(listing)});
  for (const auto& [knob, value] : arguments.assignments("settings")) {
    space.pin(knob, value);
    const std::size_t index = space.index_of(knob);
    probe_options.pinned[listing.parameters[index].id] = space.base()[index];
  }
  const Probe probe = probe_effect(listing, probe_options, context.progress(), context.stop());
  context.clear_progress();
  const std::string profile = to_json(probe.profile);
  if (!output.empty()) write_file(output, profile);
  if (context.json()) {
    context.emit({{"effect", listing.info.id}, {"file", output}, {"profile", nlohmann::ordered_json::parse(profile)}});
    return 0;
  }
  Table table({{"knob", false, true},
               {"class"},
               {"searched"},
               {"change", true},
               {"level-free", true},
               {"roughness", true},
               {"step", true},
               {"why", false, true}});
  for (const auto& parameter : listing.parameters) {
    const auto measured = std::ranges::find(probe.knobs, parameter.id, &KnobProbe::id);
    const Profile::Knob& knob = probe.profile.knobs.at(parameter.id);
    table.add({parameter.name, std::string(to_string(knob.klass)), range_text(parameter, knob),
               fmt::format("{:.2f} dB", measured->change_db), fmt::format("{:.2f} dB", measured->level_free_db),
               fmt::format("{:.2f}", measured->roughness), fmt::format("{:g}", knob.step), knob.reason});
  }
  context.print(probe.summary() + "\n" + table.text(context.width(), context.colored()));
  if (!output.empty()) context.print(fmt::format("\nprofile   {}\n", output));
  return 0;
}

}  // namespace

extern const Command effects_probe_command{
    .name = "effects probe",
    .summary = "measure an effect's knobs and write its profile",
    .description =
        "Renders a test signal up to 300 times per knob and finds out which knobs change the sound, which only its "
        "level, which do nothing, which are too rough for gradients, which values silence or break the effect; whether "
        "renders repeat bit for bit, whether the block size matters, how fast it is, and which settings pass the sound "
        "unchanged. The profile tells match which knobs to turn. Changes are mean differences of mel bands in dB; "
        "level-free after taking one gain out; roughness is what 1 % of the range changes over what 25 % changes.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
