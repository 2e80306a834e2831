#include "evaluate/recordings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "soundalike/audio_file.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/heard.hpp"
#include "soundalike/level.hpp"

namespace soundalike::evaluate {
namespace {

namespace fs = std::filesystem;

void amplify(AudioBuffer& audio, double gain) {
  for (float& x : audio.samples()) x *= static_cast<float>(gain);
}

std::string shape_of(const AudioFileInfo& info) {
  return fmt::format("{} channels of {} frames at {} Hz", info.channels, info.frames, info.sample_rate.hz);
}

void check_processed(const fs::path& dry, const fs::path& wet) {
  const AudioFileInfo a = AudioFileReader(dry).info();
  const AudioFileInfo b = AudioFileReader(wet).info();
  if (a.channels == b.channels && a.frames == b.frames && a.sample_rate == b.sample_rate) return;
  throw Error(ErrorCode::invalid_argument,
              fmt::format("'{}' is not '{}' processed: it has {}, the dry one {}; both must be of one shape, in time "
                          "with each other",
                          wet.string(), dry.string(), shape_of(b), shape_of(a)));
}

}  // namespace

PairSource::PairSource(const Protocol& protocol, const std::vector<std::vector<std::string>>& chains)
    : protocol_(protocol) {
  if (protocol.data.empty()) {
    throw Error(ErrorCode::invalid_argument, "no recordings to evaluate with: name a folder of them");
  }
  const std::vector<Manifest> manifests = manifests_of(protocol.data);
  refuse_what_was_heard(protocol, manifests, chains);
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    std::map<fs::path, std::string> chosen;
    for (const Recording& recording : soundalike::recordings(manifests[i], protocol.split)) {
      chosen[fs::weakly_canonical(recording.file)] = recording.group;
    }
    const Corpus corpus(protocol.data[i]);
    for (const auto& file : corpus.files()) {
      const auto found = chosen.find(fs::weakly_canonical(file));
      if (found == chosen.end()) continue;
      files.push_back(file);
      groups_[file] = manifests[i].name + "/" + found->second;
      folders_[file] = protocol.data[i];
    }
  }
  if (files.empty()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("no recording is in split '{}'", to_string(protocol.split)));
  }
  options_.count = protocol.pairs;
  options_.seed = protocol.seed;
  options_.halves.minimum_seconds = protocol.minimum_seconds;
  options_.maximum_seconds = protocol.maximum_seconds;
  plans_ = plan_style_pairs(files, options_);

  for (std::size_t i = 0; i < plans_.size(); ++i) {
    others_.push_back(i);
    if (!protocol.processed.empty()) check_processed(plans_[i].file, processed_of(plans_[i].file));
    if (protocol.pairing == Pairing::halves) continue;
    // The next pair of another group and, where there is one, of the same rate and channels.
    const auto fits = [&](std::size_t other, bool shape) {
      return group(other) != group(i) &&
             (!shape || (sample_rate(other) == sample_rate(i) && channels(other) == channels(i)));
    };
    for (const bool shape : {true, false}) {
      for (std::size_t step = 1; step < plans_.size() && others_[i] == i; ++step) {
        const std::size_t other = (i + step) % plans_.size();
        if (fits(other, shape)) others_[i] = other;
      }
    }
    if (others_[i] == i) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("no other recording for '{}': all pairs are of one speaker or song", recording(i)));
    }
  }
}

fs::path PairSource::processed_of(const fs::path& file) const {
  fs::path processed = protocol_.processed / fs::relative(file, folders_.at(file));
  if (fs::exists(processed)) return processed;
  throw Error(ErrorCode::not_found,
              fmt::format("'{}' has no processed counterpart '{}'", file.string(), processed.string()));
}

AudioBuffer PairSource::load_processed(const fs::path& file, std::size_t first, std::size_t frames) const {
  const AudioBuffer whole = load_recording(processed_of(file));
  return AudioBuffer(whole.view().excerpt(first, frames));
}

PairSource::Dry PairSource::load(std::size_t pair) const {
  const std::size_t other = others_[pair];
  const bool processed = !protocol_.processed.empty();
  StylePair own = load_style_pair(plans_[pair], options_);
  Dry dry;
  if (other == pair) {
    dry.other =
        processed ? load_processed(own.file, own.reference_first, own.reference.frames()) : std::move(own.reference);
  } else {
    StylePairOptions options = options_;
    if (!processed) {  // processed files are cut at their own rate
      options.load.sample_rate = own.input.sample_rate();
      options.load.channels = own.input.channels();
    }
    StylePair its = load_style_pair(plans_[other], options);
    dry.other =
        processed ? load_processed(its.file, its.reference_first, its.reference.frames()) : std::move(its.reference);
  }
  if (processed) dry.target = load_processed(own.file, own.input_first, own.input.frames());
  const double wanted = protocol_.match.input_lufs - measure_lufs(own.input);
  const double peak = std::max(measure_levels(own.input).true_peak_db, measure_levels(dry.other).true_peak_db);
  const double gain = from_db(guard_gain_db(peak, wanted));
  dry.input = std::move(own.input);
  for (AudioBuffer* audio : {&dry.input, &dry.other, &dry.target}) amplify(*audio, gain);
  return dry;
}

}  // namespace soundalike::evaluate
