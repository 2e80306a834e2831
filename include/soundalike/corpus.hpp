#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// What a recording may be used for: fitted on, chosen by, or reported.
enum class Split { train, validation, test };
inline constexpr std::array splits{Split::train, Split::validation, Split::test};
std::string_view to_string(Split split);
/// @throws Error invalid_argument naming the three.
Split parse_split(std::string_view name);

/// The recordings that must stay together, so that nothing reported was heard while fitting. Only the file name counts
/// (without folder, extension and case), so a folder may be moved, opened by part, or re-encoded. First rule that fits:
///
///   1. "<number>_<name>_<number>" (spoken digits: digit, speaker, take): the name, so a speaker stays whole.
///   2. A trailing number after a separator is a running index of independent recordings (command_034, take 7,
///      LJ001-0001): the whole name, each file its own group. A speaker nobody names may thus be in several splits;
///      no sentence is.
///   3. Else the first two words between '_', without a number grown onto them: variants of one sound stay together
///      (perc_bell and perc_bell2; loop_amen and loop_amen_full; drum_tom_hi_hard and drum_tom_lo_soft).
std::string source_group(const std::filesystem::path& file);

/// 70 % of the groups train, 10 % validation, 20 % test, by a hash of source_group() and nothing else: a file never
/// changes its split when others come or go. The one place where this is decided.
Split split_of(const std::filesystem::path& file);

/// A folder of recordings: every wav, flac, ogg, opus, mp3, aiff and aif file below it, in natural order ("take 9"
/// before "take 10"). Hidden files and folders are left out, links to folders are not followed. Files are not opened.
///
///   Corpus corpus("recordings");
///   for (const auto& file : corpus.files(Split::test)) evaluate(load_recording(file, {.sample_rate = {24000}}));
class Corpus {
 public:
  /// @throws Error not_found for a missing folder, invalid_argument for a file or a folder without audio, io when it
  ///         cannot be read.
  explicit Corpus(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return folder_; }
  const std::vector<std::filesystem::path>& files() const { return files_; }
  /// May be empty: a small folder need not have groups in every split.
  std::vector<std::filesystem::path> files(Split split) const;

 private:
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
};

struct LoadOptions {
  std::optional<SampleRate> sample_rate;  ///< resampled to it; absent: the file's own
  std::optional<std::size_t> channels;    ///< 1: the mean; 2: mono is doubled; absent: the file's own
  double maximum_seconds = 600.0;         ///< what comes after is not read
};
/// @throws what read_audio throws; Error invalid_argument for channels other than 1 or 2.
AudioBuffer load_recording(const std::filesystem::path& file, const LoadOptions& options = {});

/// Two parts of one recording with different content.
struct Halves {
  AudioView first;
  AudioView second;
};
struct HalvesOptions {
  double minimum_seconds = 1.0;  ///< of each half
  double silence_db = -60.0;     ///< a half whose RMS is below this (dBFS) is nearly silent
};
/// Cuts in the middle; an odd frame at the end is dropped, so both are equally long. Nothing when a half would be too
/// short or nearly silent. The views borrow from `audio`.
std::optional<Halves> halves(AudioView audio, const HalvesOptions& options = {});

/// The excerpt of `seconds` where most is happening: the one with the highest mean level of 50 ms blocks, each counted
/// from 40 dB below the loudest block, so that many lively blocks beat one loud hit among silence. The earliest of
/// equals; all of `audio` when it is not longer than that.
AudioView active_excerpt(AudioView audio, double seconds);

/// Two recordings of other content and the same source, both dry: an input, and what a reference is made of.
struct StylePair {
  std::filesystem::path file;
  AudioBuffer input;
  AudioBuffer reference;
  std::size_t input_first = 0;  ///< frame of the recording, as loaded, at which the input begins
  std::size_t reference_first = 0;
};
struct StylePairOptions {
  std::size_t count = 50;
  std::uint64_t seed = 0;
  LoadOptions load{};
  HalvesOptions halves{};
  double maximum_seconds = 5.5;  ///< of each half; longer ones are cut to their active excerpt
};
/// Pairs from the halves of the recordings of a split, in random order: every usable recording once before any comes
/// again. Depends only on the seed and the folder. Which half is the input is drawn too.
/// @throws Error invalid_argument when no recording of the split is long and loud enough; what load_recording throws.
std::vector<StylePair> style_pairs(const Corpus& corpus, Split split, const StylePairOptions& options = {});

/// A pair that can be loaded when its turn comes: many pairs need no more memory than a few.
struct StylePairPlan {
  std::filesystem::path file;
  bool swapped = false;  ///< the second half is the input
  SampleRate sample_rate;
  std::size_t channels = 0;
  std::size_t frames = 0;  ///< of each part
};
/// The pairs of style_pairs() from these files. Opens every file that it tries.
/// @throws Error as style_pairs().
std::vector<StylePairPlan> plan_style_pairs(std::span<const std::filesystem::path> files,
                                            const StylePairOptions& options = {});
/// @throws Error invalid_argument when the file changed and has no such halves any more; what load_recording throws.
StylePair load_style_pair(const StylePairPlan& plan, const StylePairOptions& options = {});

}  // namespace soundalike
