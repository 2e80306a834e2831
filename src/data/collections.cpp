// What can be fetched: the one table.
#include <algorithm>

#include <fmt/format.h>

#include "soundalike/collection.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> folders_of(const fs::path& file) {
  std::vector<std::string> out;
  for (const auto& part : file) out.push_back(part.string());
  return out;
}

// Everything after the folder `name`; empty when it is not on the way.
std::vector<std::string> below(const fs::path& file, std::string_view name) {
  std::vector<std::string> parts = folders_of(file);
  const auto found = std::ranges::find(parts, name);
  return found == parts.end() ? std::vector<std::string>{} : std::vector<std::string>(found + 1, parts.end());
}

bool hidden(const fs::path& file) { return file.filename().string().starts_with('.'); }

// wav48_silence_trimmed/p225/p225_001_mic1.flac: the speaker; both microphones.
std::optional<Placement> place_vctk(const fs::path& file) {
  const auto parts = below(file, "wav48_silence_trimmed");
  if (parts.size() != 2 || file.extension() != ".flac" || hidden(file)) return std::nullopt;
  return Placement{parts[0], std::nullopt};
}

// daps/cleanraw/f1_script1_cleanraw.wav: the speaker; the studio recordings as they were made.
std::optional<Placement> place_daps(const fs::path& file) {
  const auto parts = below(file, "cleanraw");
  if (parts.size() != 1 || file.extension() != ".wav" || hidden(file)) return std::nullopt;
  return Placement{parts[0].substr(0, parts[0].find('_')), std::nullopt};
}

// train/Artist - Song/mixture.wav: the song; its test set stays the test set.
std::optional<Placement> place_musdb(const fs::path& file) {
  if (file.filename() != "mixture.wav") return std::nullopt;
  const auto parts = folders_of(file);
  if (parts.size() < 3) return std::nullopt;
  const std::string& subset = parts[parts.size() - 3];
  if (subset != "train" && subset != "test") return std::nullopt;
  return Placement{parts[parts.size() - 2], subset == "test" ? std::optional(Split::test) : std::nullopt};
}

// LibriTTS/train-clean-100/103/1240/103_1240_000000_000001.wav: the speaker; the subsets are its splits.
std::optional<Placement> place_libritts(const fs::path& file) {
  const auto parts = below(file, "LibriTTS");
  if (parts.size() != 4 || file.extension() != ".wav" || hidden(file)) return std::nullopt;
  if (parts[0].starts_with("train-")) return Placement{parts[1], Split::train};
  if (parts[0].starts_with("dev-")) return Placement{parts[1], Split::validation};
  if (parts[0].starts_with("test-")) return Placement{parts[1], Split::test};
  return std::nullopt;
}

// 48/948.low.mp3: each track alone; who plays it stands in tables that the archives do not hold.
std::optional<Placement> place_jamendo(const fs::path& file) {
  if (file.extension() != ".mp3" || hidden(file)) return std::nullopt;
  const std::string name = file.filename().string();
  return Placement{name.substr(0, name.find('.')), std::nullopt};
}

// free-spoken-digit-dataset-1.0.9/recordings/7_george_12.wav: the speaker, and the rule that all folders have.
std::optional<Placement> place_digits(const fs::path& file) {
  const auto parts = below(file, "recordings");
  if (parts.size() != 1 || file.extension() != ".wav" || hidden(file)) return std::nullopt;
  return Placement{source_group(file), split_of(file)};
}

// Sizes and sums as public loaders of these collections check them.
constexpr CollectionPart vctk_parts[] = {
    {"VCTK-Corpus-0.92.zip", 11747302977, "f96258be9fdc2cbff6559541aae7ea4f59df3fcaf5cf963aae5ca647357e359c"}};
constexpr CollectionPart daps_parts[] = {{"daps.tar.gz", 0, {}, "303c130b7ce2e02b59c7ca5cd595a89c"}};
constexpr CollectionPart musdb_parts[] = {
    {"musdb18hq.zip", 0, "baac80d0483c61d74b2e5f3be75fa557eec52898339e6aa45c1fa48833c5d21d"}};
constexpr CollectionPart libritts_parts[] = {
    {"dev-clean.tar.gz", 0, "da0864e1bd26debed35da8a869dd5c04dfc27682921936de7cff9c8a254dbe1a"},
    {"test-clean.tar.gz", 0, "234ea5b25859102a87024a4b9b86641f5b5aaaf1197335c95090cde04fe9a4f5"},
    {"train-clean-100.tar.gz", 0, "c5608bf1ef74bb621935382b8399c5cdd51cd3ee47cec51f00f885a64c6c7f6b"},
    {"dev-other.tar.gz", 0, "d413eda26f3a152ac7c9cf3658ef85504dfb1b625296e5fa83727f5186cca79c", {}, false},
    {"test-other.tar.gz", 0, "33a5342094f3bba7ccc2e0500b9e72d558f72eb99328ac8debe1d9080402f10d", {}, false},
    {"train-clean-360.tar.gz", 0, "ce7cff44dcac46009d18379f37ef36551123a1dc4e5c8e4eb73ae57260de4886", {}, false},
    {"train-other-500.tar.gz", 0, "e35f7e34deeb2e2bdfe4403d88c8fdd5fbf64865cae41f027a185a6965f0a5df", {}, false}};
// A tenth of the mood and theme subset: already some 1800 tracks. Which tracks are in which shard follows their
// numbers.
constexpr CollectionPart jamendo_parts[] = {
    {"autotagging_moodtheme_audio-low-00.tar", 0, "848b0e7e65604f9d6060adf671a2e9373762a909a0c32bc60eb2d1634126a993"},
    {"autotagging_moodtheme_audio-low-01.tar", 0, "ffca4bd7d43b5d80acf297aeacd37526d80b2286d9dd81b8dd9ac8073f86dd6d"},
    {"autotagging_moodtheme_audio-low-02.tar", 0, "3309a9a6f86187e7534428bec75147c453073916ee03f2475bc2b76fd00cbdb2"},
    {"autotagging_moodtheme_audio-low-03.tar", 0, "41be67be39f2162639f15c58d15cfa91c0ca34357b598df550cdc16320d372c5"},
    {"autotagging_moodtheme_audio-low-04.tar", 0, "18143ea1ab2c993b4e748c71a7ac091882de71320880669b40cd99eca0f74a8b"},
    {"autotagging_moodtheme_audio-low-05.tar", 0, "79ddc7db048d124bea94544bf18d68ba058fbfdc44db3b4adf58e7e3db32000f"},
    {"autotagging_moodtheme_audio-low-06.tar", 0, "b3825bda9e96f2a5608bf255db451ecfa9227684638234ba2c37957aca87ae1c"},
    {"autotagging_moodtheme_audio-low-07.tar", 0, "685dfcd0e7417f78fcfb43e7953e4109fe71df7280e863fdf0682facda622bce"},
    {"autotagging_moodtheme_audio-low-08.tar", 0, "e8085bec463164cc8303b27225fec60fc8ba6c17422f357356e204805e23561c"},
    {"autotagging_moodtheme_audio-low-09.tar", 0, "1d959a35fd0f3cb305cab5fd0d2897c9f6b12431b2fc032c50f82714ac86d32f"}};
constexpr CollectionPart digits_parts[] = {
    {"v1.0.9.tar.gz", 11975353, "8bc44cde129d505cbbb6b365c09f80c663f2aa77578afc634e6141a2f87100c0"}};

constexpr Collection rows[] = {
    {"vctk", "VCTK 0.92: read English, 110 speakers, two microphones, 48 kHz", "CC BY 4.0",
     "https://datashare.ed.ac.uk/bitstream/handle/10283/3443", vctk_parts, place_vctk},
    {"daps", "DAPS: read English, 20 speakers in a studio, 44.1 kHz", "CC BY-NC 4.0",
     "https://zenodo.org/records/4660670/files", daps_parts, place_daps},
    {"musdb18-hq", "MUSDB18-HQ: 150 songs, the mixes, 44.1 kHz stereo", "for academic use only; most songs CC BY-NC-SA",
     "https://zenodo.org/records/3338373/files", musdb_parts, place_musdb},
    {"libritts", "LibriTTS: audio books, 24 kHz; by default the clean development and test sets and 100 clean hours",
     "CC BY 4.0", "https://www.openslr.org/resources/60", libritts_parts, place_libritts},
    {"mtg-jamendo", "MTG-Jamendo: music of all kinds; a tenth of its mood and theme subset, mono MP3",
     "Creative Commons, by track", "https://cdn.freesound.org/mtg-jamendo/autotagging_moodtheme/audio-low",
     jamendo_parts, place_jamendo},
    {"digits", "Free Spoken Digit Dataset 1.0.9: ten digits, 5 speakers, 8 kHz", "CC BY-SA 4.0",
     "https://github.com/Jakobovski/free-spoken-digit-dataset/archive", digits_parts, place_digits},
};

}  // namespace

std::span<const Collection> collections() { return rows; }

const Collection& find_collection(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Collection::name);
  if (found != std::end(rows)) return *found;
  std::string known;
  for (const Collection& row : rows) known += fmt::format("{}{}", known.empty() ? "" : ", ", row.name);
  throw Error(ErrorCode::not_found, fmt::format("unknown collection '{}'; known: {}", name, known));
}

}  // namespace soundalike
