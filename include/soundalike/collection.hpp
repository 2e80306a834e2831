#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/manifest.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

/// One file to download.
struct CollectionPart {
  std::string_view name;         ///< of the file; `--part` takes it without its extension
  std::uint64_t bytes = 0;       ///< 0: not known
  std::string_view sha256 = {};  ///< as published or as checked by public loaders of the collection; empty: not known
  std::string_view md5 = {};     ///< likewise
  bool by_default = true;
};

/// Where a recording of a collection belongs.
struct Placement {
  std::string group;           ///< speaker, song
  std::optional<Split> split;  ///< the collection's own; absent: shared out by group
};

/// A public collection of recordings that soundalike can fetch: what it is, where it lies, how its folders name the
/// speakers or songs.
///
///   fetch_collection(find_collection("vctk"), "data/vctk", {.progress = progress});
struct Collection {
  std::string_view name;
  std::string_view summary;
  std::string_view licence;
  std::string_view base_url;  ///< parts lie below it
  std::span<const CollectionPart> parts;
  /// Of a file in the archive, by its path; nothing: not wanted.
  std::optional<Placement> (*place)(const std::filesystem::path& file) = nullptr;
};
std::span<const Collection> collections();
/// @throws Error not_found, naming those there are.
const Collection& find_collection(std::string_view name);

struct FetchOptions {
  std::string base_url = {};                       ///< a mirror instead of the collection's own
  std::vector<std::string> parts = {};             ///< names; empty: those by default
  std::map<std::string, std::string> sha256 = {};  ///< by part name, instead of the built-in checksum
  bool keep_archives = false;                      ///< in <folder>/.fetch
  int tries = 5;                                   ///< in a row without a byte gained
  double pause_seconds = 2.0;                      ///< before trying again, times the number of the try
  Progress progress = {};                          ///< in megabytes
  std::stop_token stop = {};
};

/// What was fetched.
struct Fetched {
  Manifest manifest;
  std::map<std::string, std::string> sha256;  ///< found, by part
  std::vector<std::string> unverified;        ///< parts without a known checksum
};

/// Downloads, verifies and unpacks the parts of a collection, and writes the folder's manifest. An interrupted download
/// goes on where it stopped, in the same run or a later one; parts that are done are not fetched again. Only wanted
/// recordings are unpacked; an archive that names files outside the folder, holds a link in the place of a recording,
/// or unpacks to absurd sizes is refused. Needs libcurl and libarchive, loaded when they are first used.
/// @throws Error not_found (404, unknown part), io (no connection, full disk), bad_audio (wrong size or checksum,
/// damaged
///         or refused archive), cancelled, unsupported (a library is missing), invalid_argument (the folder has a
///         manifest of something else).
Fetched fetch_collection(const Collection& collection, const std::filesystem::path& folder,
                         const FetchOptions& options = {});

}  // namespace soundalike
