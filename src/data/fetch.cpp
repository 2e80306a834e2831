#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "data/download.hpp"
#include "data/md5.hpp"
#include "data/unpack.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/collection.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

std::string_view short_name(std::string_view part) {
  for (const std::string_view end : {".tar.gz", ".tar", ".zip"}) {
    if (part.ends_with(end)) return part.substr(0, part.size() - end.size());
  }
  return part;
}

std::vector<const CollectionPart*> chosen(const Collection& collection, const std::vector<std::string>& names) {
  std::vector<const CollectionPart*> out;
  for (const CollectionPart& part : collection.parts) {
    if (names.empty() && part.by_default) out.push_back(&part);
  }
  for (const std::string& name : names) {
    const auto found = std::ranges::find_if(collection.parts, [&](const CollectionPart& part) {
      return part.name == name || short_name(part.name) == name;
    });
    if (found == collection.parts.end()) {
      std::string known;
      for (const CollectionPart& part : collection.parts) {
        known += fmt::format("{}{}", known.empty() ? "" : ", ", short_name(part.name));
      }
      throw Error(ErrorCode::not_found,
                  fmt::format("collection '{}' has no part '{}'; known: {}", collection.name, name, known));
    }
    out.push_back(&*found);
  }
  return out;
}

// Looks whether what came is what was published. @return the SHA-256 that was found.
std::string verified(const fs::path& archive, const CollectionPart& part, const FetchOptions& options, bool& known) {
  const auto given = options.sha256.find(std::string(part.name));
  const std::string wanted = given != options.sha256.end() ? given->second : std::string(part.sha256);
  const bool own = given != options.sha256.end();
  const auto refuse = [&](const std::string& what) {
    fs::remove(archive);  // going on from here would never help
    throw Error(ErrorCode::bad_audio,
                fmt::format("cannot use '{}': {}; it was removed, and the next try begins anew", part.name, what));
  };
  const auto size = fs::exists(archive) ? fs::file_size(archive) : 0;
  if (!own && part.bytes != 0 && size != part.bytes) {
    refuse(fmt::format("it has {} bytes, and {} were published", size, part.bytes));
  }
  if (size == 0) refuse("it is empty");
  std::string found = file_digest(archive);
  if (!wanted.empty() && found != wanted) refuse(fmt::format("its SHA-256 is {}, and not {}", found, wanted));
  known = !wanted.empty();
  if (!own && !part.md5.empty()) {
    const std::string md5 = md5_of_file(archive);
    if (md5 != part.md5) refuse(fmt::format("its MD5 is {}, and not {}", md5, part.md5));
    known = true;
  }
  return found;
}

// What is in the folder now, where the collection wants it.
Manifest manifest_of(const Collection& collection, const fs::path& folder, const Progress& progress) {
  Manifest manifest{.name = std::string(collection.name), .licence = std::string(collection.licence), .folder = folder};
  const Corpus corpus(folder);
  std::map<std::string, std::optional<Split>> groups;
  for (const fs::path& file : corpus.files()) {
    const fs::path path = file.lexically_relative(folder);
    const auto place = collection.place(path);
    if (!place) continue;
    groups.try_emplace(place->group, place->split);
    manifest.entries.push_back({path.generic_string(), file_digest(file), place->group, Split::train});
    if (progress) {
      progress({.stage = "reading recordings", .done = manifest.entries.size(), .total = corpus.files().size()});
    }
  }
  const bool own_test = std::ranges::any_of(groups, [](const auto& group) { return group.second == Split::test; });
  std::vector<std::string> open;
  for (const auto& [group, split] : groups) {
    if (!split) open.push_back(group);
  }
  const std::vector<Split> shared = share_out(open);
  for (std::size_t i = 0; i < open.size(); ++i) {
    groups[open[i]] = own_test && shared[i] == Split::test ? Split::train : shared[i];
  }
  for (ManifestEntry& entry : manifest.entries) entry.split = *groups[entry.group];
  std::ranges::sort(manifest.entries, {}, &ManifestEntry::file);
  return manifest;
}

// A later fetch of more parts adds recordings and moves none.
void keep_splits(Manifest& manifest, const Manifest& before) {
  std::map<std::string_view, Split> known;
  for (const ManifestEntry& entry : before.entries) known.emplace(entry.group, entry.split);
  for (ManifestEntry& entry : manifest.entries) {
    const auto found = known.find(entry.group);
    if (found != known.end()) entry.split = found->second;
  }
}

}  // namespace

Fetched fetch_collection(const Collection& collection, const fs::path& folder, const FetchOptions& options) {
  const auto parts = chosen(collection, options.parts);
  const fs::path manifest_file = folder / manifest_file_name, work = folder / ".fetch";
  std::optional<Manifest> before;
  if (fs::exists(manifest_file)) {
    before = read_manifest(manifest_file);
    if (before->name != collection.name) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot fetch '{}' into '{}': the folder holds '{}'; take another folder",
                              collection.name, folder.string(), before->name));
    }
  }
  std::error_code failure;
  fs::create_directories(work, failure);
  if (failure) {
    throw Error(ErrorCode::io, fmt::format("cannot make folder '{}': {}", work.string(), failure.message()));
  }
  std::string base = options.base_url.empty() ? std::string(collection.base_url) : options.base_url;
  while (base.ends_with('/')) base.pop_back();

  Fetched fetched;
  std::optional<Downloader> downloader;
  bool new_parts = false;
  for (const CollectionPart* part : parts) {
    const std::string name(part->name);
    const fs::path archive = work / name, done = work / (name + ".done");
    if (fs::exists(done)) continue;
    if (!downloader) downloader.emplace();
    const auto megabytes = [](std::uint64_t bytes) { return static_cast<std::size_t>(bytes >> 20); };
    downloader->get(
        fmt::format("{}/{}", base, name), archive,
        {.tries = options.tries,
         .pause_seconds = options.pause_seconds,
         .progress =
             [&](std::uint64_t have, std::uint64_t all) {
               if (!options.progress) return;
               options.progress(
                   {.stage = "fetching", .done = megabytes(have), .total = megabytes(all), .note = name + ", MiB"});
             },
         .stop = options.stop});
    bool known = false;
    const std::string sha256 = verified(archive, *part, options, known);
    fetched.sha256[name] = sha256;
    if (!known) fetched.unverified.push_back(name);
    std::size_t unpacked = 0;
    const std::size_t count =
        unpack(archive, folder,
               {.wanted =
                    [&](const fs::path& path) {
                      if (!collection.place(path)) return false;
                      if (options.progress) {
                        options.progress({.stage = "unpacking", .done = ++unpacked, .note = name});
                      }
                      return true;
                    },
                .stop = options.stop});
    if (count == 0) {
      throw Error(ErrorCode::bad_audio,
                  fmt::format("'{}' holds no recording of '{}' where they should be", name, collection.name));
    }
    write_file(done, sha256 + "\n");
    new_parts = true;
    if (!options.keep_archives) fs::remove(archive);
  }
  if (!new_parts && before) {
    fetched.manifest = std::move(*before);
    fetched.manifest.folder = folder;
    return fetched;
  }
  fetched.manifest = manifest_of(collection, folder, options.progress);
  if (before) keep_splits(fetched.manifest, *before);
  write_manifest(manifest_file, fetched.manifest);
  return fetched;
}

}  // namespace soundalike
