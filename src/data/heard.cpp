#include "soundalike/heard.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "soundalike/error.hpp"

namespace soundalike {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::vector<Manifest> manifests_of(std::span<const fs::path> folders, const Progress& progress) {
  std::vector<Manifest> out;
  for (const fs::path& folder : folders) {
    const fs::path own = folder / manifest_file_name;
    std::error_code ignored;
    out.push_back(fs::exists(own, ignored) ? read_manifest(own) : make_manifest(Corpus(folder), progress));
    out.back().folder = folder;
  }
  return out;
}

std::vector<Recording> recordings_of(std::span<const Manifest> manifests, Split split) {
  std::vector<Recording> out;
  for (const Manifest& manifest : manifests) {
    for (Recording& recording : recordings(manifest, split)) {
      std::error_code ignored;
      if (!fs::exists(recording.file, ignored)) continue;
      recording.group = manifest.name + '/' + recording.group;
      out.push_back(std::move(recording));
    }
  }
  return out;
}

std::vector<fs::path> files_of(std::span<const Manifest> manifests, Split split) {
  std::vector<fs::path> out;
  for (Recording& recording : recordings_of(manifests, split)) out.push_back(std::move(recording.file));
  return out;
}

std::string heard_json(std::span<const Manifest> manifests) {
  Json all = Json::array();
  for (const Manifest& manifest : manifests) {
    std::set<std::string> groups, digests;
    for (const ManifestEntry& entry : manifest.entries) {
      if (entry.split == Split::test) continue;
      groups.insert(entry.group);
      digests.insert(short_digest(entry.digest));
    }
    all.push_back({{"name", manifest.name},
                   {"manifest", manifest.digest()},
                   {"groups", std::move(groups)},
                   {"digests", std::move(digests)}});
  }
  return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<Manifest> heard_by(std::string_view metadata) {
  std::vector<Manifest> out;
  try {
    const Json object = Json::parse(metadata);
    const auto heard = object.find("heard");
    if (heard == object.end()) return out;
    for (const Json& collection : *heard) {
      Manifest& manifest = out.emplace_back();
      manifest.name = collection.at("name");
      for (const std::string group : collection.at("groups")) manifest.entries.push_back({.group = group});
      for (const std::string digest : collection.at("digests")) {
        manifest.entries.push_back({.digest = digest});
      }
    }
  } catch (const std::exception&) {
    throw Error(ErrorCode::invalid_argument,
                "cannot tell which recordings a model heard: 'heard' in its metadata is not a list of collections "
                "with groups and digests; train it again");
  }
  return out;
}

}  // namespace soundalike
