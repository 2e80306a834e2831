#include "effect/vst3_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <exception>

#include "effect/listing_archive.hpp"
#include "effect/scan_message.hpp"
#include "effect/vst3_instance.hpp"
#include "effect/vst3_parameters.hpp"
#include "effect/worker_dialogue.hpp"
#include "effect/worker_program.hpp"
#include "soundalike/error.hpp"

namespace soundalike::vst3 {
namespace {

constexpr double deadline_seconds = 20.0;

enum class Question : std::uint8_t { save, load };

struct Asked {
  Question question = Question::save;
  EffectListing listing;
  double rate = 48000.0;
  std::vector<float> settings;
  State state;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(question, listing, rate, settings, state.component, state.controller);
  }
};

struct Answer {
  std::string problem;
  std::vector<float> settings;
  State state;

  template <typename Archive>
  void transfer(Archive& archive) {
    archive(problem, settings, state.component, state.controller);
  }
};

Answer ask(Asked& asked) {
  const std::string& name = asked.listing.info.name;
  ArchiveWriter writer;
  asked.transfer(writer);
  WorkerDialogue worker(find_worker_program(), "--vst3-state", "vst3:");
  std::string bytes;
  const bool sent = send_message(worker.socket(), writer.bytes());
  const Received received = sent ? receive_message(worker.socket(), bytes, deadline_seconds) : Received::end;
  if (received == Received::late) {
    throw Error(ErrorCode::plugin_failed,
                fmt::format("'{}' hangs over its state: no answer in {:g} s", name, deadline_seconds));
  }
  if (received == Received::end) {
    throw Error(ErrorCode::plugin_failed, fmt::format("'{}' crashes over its state: {}", name,
                                                      describe_exit(worker.end(std::chrono::seconds(1)))));
  }
  Answer answer;
  ArchiveReader reader(bytes);
  answer.transfer(reader);
  if (!answer.problem.empty()) throw Error(ErrorCode::plugin_failed, answer.problem);
  return answer;
}

struct Found {
  const Module& module;
  const ClassInfo& info;
};

Found find_class(const EffectListing& listing) {
  const Module& module = Module::load(listing.bundle);
  const ClassInfo* info = module.find(std::string_view(listing.info.id).substr(std::string_view("vst3:").size()));
  if (info) return {module, *info};
  throw Error(ErrorCode::not_found,
              fmt::format("the module {} holds no class {}", listing.bundle.string(), listing.info.id));
}

State save_here(const Asked& asked) {
  const auto [module, info] = find_class(asked.listing);
  constexpr std::size_t channels = 2;
  const RenderSetup setup{SampleRate{asked.rate}, channels};
  std::vector<ParameterValue> values;
  Buses buses;
  {
    const Plugin plugin(module, info);
    buses = arrange_buses(plugin, channels);
    const auto knobs = read_knobs(plugin);
    if (knobs.size() != asked.settings.size()) {
      throw Error(ErrorCode::plugin_failed, fmt::format("'{}' has other parameters than its listing says; rescan the "
                                                        "effects",
                                                        info.name));
    }
    for (std::size_t i = 0; i < knobs.size(); ++i) values.push_back({knobs[i].id, knobs[i].value(asked.settings[i])});
  }
  // Settings reach the component with its first block.
  Instance instance(module, info, setup, buses, values);
  instance.run(setup.block_size);
  return {instance.plugin().component_state(), instance.plugin().controller_state()};
}

std::vector<float> load_here(const Asked& asked) {
  const auto [module, info] = find_class(asked.listing);
  Plugin plugin(module, info);
  plugin.restore(asked.state.component, asked.state.controller);
  std::vector<float> settings;
  for (const Knob& knob : read_knobs(plugin)) {
    settings.push_back(knob.setting(plugin.controller()->getParamNormalized(knob.id)));
  }
  return settings;
}

}  // namespace

State save_state(const EffectListing& listing, std::span<const float> settings, SampleRate rate) {
  Asked asked{Question::save, listing, rate.hz, {settings.begin(), settings.end()}, {}};
  State state = ask(asked).state;
  if (state.component.empty()) {
    throw Error(ErrorCode::plugin_failed, fmt::format("'{}' saves no state", listing.info.name));
  }
  return state;
}

std::vector<float> settings_of(const EffectListing& listing, const State& state, SampleRate rate) {
  Asked asked{Question::load, listing, rate.hz, {}, state};
  std::vector<float> settings = ask(asked).settings;
  if (settings.size() == listing.parameters.size()) return settings;
  throw Error(ErrorCode::plugin_failed,
              fmt::format("'{}' has other parameters than its listing says; rescan the effects", listing.info.name));
}

int serve_states(int descriptor) {
  std::string bytes;
  while (receive_message(descriptor, bytes, std::nullopt) == Received::message) {
    Answer answer;
    try {
      Asked asked;
      ArchiveReader reader(bytes);
      asked.transfer(reader);
      if (asked.question == Question::save) {
        answer.state = save_here(asked);
      } else {
        answer.settings = load_here(asked);
      }
    } catch (const std::exception& error) {
      answer.problem = error.what();
    }
    ArchiveWriter writer;
    answer.transfer(writer);
    if (!send_message(descriptor, writer.bytes())) break;
  }
  return 0;
}

}  // namespace soundalike::vst3
