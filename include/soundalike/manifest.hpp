#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/corpus.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

/// One recording of a manifest.
struct ManifestEntry {
  std::string file;    ///< relative to the manifest's folder, '/' between folders
  std::string digest;  ///< SHA-256 of the file's bytes, hexadecimal
  std::string group;   ///< recordings that must stay together: a speaker, a song
  Split split = Split::train;
};

/// Which recordings there are and what each may be used for, written once and then never decided anew, so that what was
/// held out stays held out when files come, go or are renamed. docs/formats.md has the file format.
///
///   const Manifest manifest = manifest_for("recordings");   // read, or made by split_of() and written
///   auto pairs = std::make_shared<TrainingPairs>(recordings(manifest, Split::train), store);
///   card.data = manifest.digest();
struct Manifest {
  std::string name;                    ///< of the collection: "vctk"; else the folder's name
  std::string licence;                 ///< may be empty
  std::filesystem::path folder;        ///< what the files are relative to; not stored
  std::vector<ManifestEntry> entries;  ///< sorted by file

  /// SHA-256 over name, files, digests, groups and splits: the same for equal data wherever it lies.
  std::string digest() const;
};

inline constexpr std::string_view manifest_file_name = "soundalike-manifest.json";

/// SHA-256 of a file's bytes, 64 hexadecimal digits.
/// @throws Error not_found, io.
std::string file_digest(const std::filesystem::path& file);

/// The first 16 digits, 64 bits: enough to tell recordings apart, and what models keep of those they heard.
std::string short_digest(std::string_view digest);

/// All recordings below a folder, in the groups and splits of source_group() and split_of(). Reads every byte.
Manifest make_manifest(const Corpus& corpus, const Progress& progress = {});

/// @throws Error not_found, or invalid_argument naming the file and the key that is wrong. Paths that lead out of the
///         folder are refused.
Manifest read_manifest(const std::filesystem::path& file);
/// Written aside and renamed. @throws Error io.
void write_manifest(const std::filesystem::path& file, const Manifest& manifest);

/// The manifest of a folder: <folder>/soundalike-manifest.json where that exists, which then decides alone; else made
/// by make_manifest() and written there.
/// @param file another place for the manifest, for folders one cannot write to; paths stay relative to `folder`.
/// @throws what reading, making and writing throw.
Manifest manifest_for(const std::filesystem::path& folder, const std::filesystem::path& file = {},
                      const Progress& progress = {});

/// A file that examples are cut from.
struct Recording {
  std::filesystem::path file;
  std::string group;
};
/// Those of one split, in the manifest's order; may be empty.
std::vector<Recording> recordings(const Manifest& manifest, Split split);

/// Why `entry` may not be used to judge a model that was trained on `trained`: it was heard in training (same bytes,
/// or, in a collection of the same name, the same group). Nothing when it was not: absent, or in the test split.
/// Digests are compared by short_digest(); an entry of `trained` may leave its file, group or digest empty.
/// Files that were encoded again have other bytes; only their group tells.
std::optional<std::string> heard_in_training(const Manifest& trained, std::string_view collection,
                                             const ManifestEntry& entry);

/// @throws Error invalid_argument, naming the first recording and the count, when any entry of `split` of `data` was
///         heard in the training or validation of a model trained on `trained`.
void refuse_heard(const Manifest& trained, const Manifest& data, Split split);

/// The splits of groups that no rule knows: 70 % train, 10 % validation, 20 % test in an order drawn by the names
/// alone; validation and test get at least one each as soon as there are three groups.
/// @param groups each once, any order. @return one per group.
std::vector<Split> share_out(std::span<const std::string> groups);

}  // namespace soundalike
