#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "evaluate/systems.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/manifest.hpp"
#include "soundalike/protocol.hpp"

namespace soundalike::evaluate {

/// Dry recordings in pairs, at the level that effects expect. Const methods, safe from many threads.
class PairSource {
 public:
  /// @throws Error invalid_argument where there are no pairs, a processed file does not fit its dry one, or a recording
  ///         was heard in training; not_found.
  PairSource(const Protocol& protocol, const std::vector<std::vector<std::string>>& chains);

  std::size_t size() const { return plans_.size(); }
  SampleRate sample_rate(std::size_t pair) const { return plans_[pair].sample_rate; }
  std::size_t channels(std::size_t pair) const { return plans_[pair].channels; }
  /// Of the input.
  std::size_t frames(std::size_t pair) const { return plans_[pair].frames; }
  /// File name of the input's recording.
  std::string recording(std::size_t pair) const { return plans_[pair].file.filename().string(); }
  /// The recordings that hang together with it: its speaker or song.
  const std::string& group(std::size_t pair) const { return groups_.at(plans_[pair].file); }

  struct Dry {
    AudioBuffer input;
    AudioBuffer other;   ///< what the maker makes a reference of; with processed recordings the reference itself
    AudioBuffer target;  ///< with processed recordings only
  };
  Dry load(std::size_t pair) const;

 private:
  std::filesystem::path processed_of(const std::filesystem::path& file) const;
  AudioBuffer load_processed(const std::filesystem::path& file, std::size_t first, std::size_t frames) const;

  const Protocol& protocol_;
  StylePairOptions options_;
  std::vector<StylePairPlan> plans_;
  std::vector<std::size_t> others_;  // by pair: whose other half the reference is made of
  std::map<std::filesystem::path, std::string> groups_;
  std::map<std::filesystem::path, std::filesystem::path> folders_;  // of each file: the data folder it is in
};

/// The first digits of the digests of the controller for these effects, where there is one, and of the protocol's
/// encoder.
std::string models_behind(const Protocol& protocol, const std::vector<std::string>& chain);

/// The refusal to judge by what was heard: recordings of `data` in the protocol's split against the manifests that the
/// protocol names and those in the metadata of the controllers for these chains.
/// @throws Error invalid_argument naming the model and the first recording.
void refuse_what_was_heard(const Protocol& protocol, const std::vector<Manifest>& data,
                           const std::vector<std::vector<std::string>>& chains);

}  // namespace soundalike::evaluate
