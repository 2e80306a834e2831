#include "soundalike/manifest.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <mutex>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/parallel.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int format_version = 1;

[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot read manifest '{}': {}", file.string(), what));
}

std::string text_of(const fs::path& manifest, const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) refuse(manifest, fmt::format("'{}' must be a text", key));
  return found->get<std::string>();
}

// A manifest may come from elsewhere: nothing outside its folder is read.
bool leads_out(const fs::path& file) {
  return file.empty() || file.is_absolute() || std::ranges::find(file, fs::path("..")) != file.end();
}

ManifestEntry entry_of(const fs::path& manifest, const json& object) {
  if (!object.is_object()) refuse(manifest, "every entry of 'recordings' must be an object");
  ManifestEntry entry{text_of(manifest, object, "file"), text_of(manifest, object, "digest"),
                      text_of(manifest, object, "group")};
  if (leads_out(entry.file)) refuse(manifest, fmt::format("'{}' leads out of the folder", entry.file));
  try {
    entry.split = parse_split(text_of(manifest, object, "split"));
  } catch (const Error& error) {
    refuse(manifest, fmt::format("'{}': {}", entry.file, error.what()));
  }
  return entry;
}

}  // namespace

std::string file_digest(const fs::path& file) {
  std::error_code failure;
  if (!fs::exists(file, failure)) {
    throw Error(ErrorCode::not_found, fmt::format("cannot read '{}': no such file", file.string()));
  }
  std::ifstream in(file, std::ios::binary);
  Sha256 hash;
  std::string piece(1 << 16, '\0');
  do {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    hash.add({piece.data(), static_cast<std::size_t>(in.gcount())});
  } while (in);
  if (!in.eof()) throw Error(ErrorCode::io, fmt::format("cannot read '{}'", file.string()));
  return to_hex(hash.finish());
}

std::string short_digest(std::string_view digest) { return std::string(digest.substr(0, 16)); }

std::string Manifest::digest() const {
  Sha256 hash;
  // A zero byte ends each text: no two manifests spell the same bytes.
  const auto add = [&](std::string_view text) {
    hash.add(text);
    hash.add(std::string_view("\0", 1));
  };
  add(name);
  for (const ManifestEntry& entry : entries) {
    add(entry.file);
    add(entry.digest);
    add(entry.group);
    add(to_string(entry.split));
  }
  return to_hex(hash.finish());
}

Manifest make_manifest(const Corpus& corpus, const Progress& progress) {
  Manifest manifest{.name = fs::weakly_canonical(corpus.folder()).filename().string(), .folder = corpus.folder()};
  const auto& files = corpus.files();
  manifest.entries.resize(files.size());
  std::mutex telling;
  std::size_t done = 0;
  parallel_for(files.size(), threads_or_cores(0), [&](std::size_t i) {
    manifest.entries[i] = {files[i].lexically_relative(corpus.folder()).generic_string(), file_digest(files[i]),
                           source_group(files[i]), split_of(files[i])};
    const std::scoped_lock lock(telling);
    ++done;
    if (progress) progress({.stage = "reading recordings", .done = done, .total = files.size()});
  });
  std::ranges::sort(manifest.entries, {}, &ManifestEntry::file);
  return manifest;
}

Manifest read_manifest(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot read manifest '{}': no such file", file.string()));
  const json document = json::parse(in, nullptr, false);
  if (!document.is_object()) refuse(file, "it is not a JSON object");
  const auto format = document.find("format");
  if (format == document.end() || *format != format_version) {
    refuse(file, fmt::format("'format' must be {}", format_version));
  }
  Manifest manifest{.name = text_of(file, document, "name"),
                    .licence = text_of(file, document, "licence"),
                    .folder = file.parent_path().empty() ? fs::path(".") : file.parent_path()};
  const auto list = document.find("recordings");
  if (list == document.end() || !list->is_array() || list->empty()) {
    refuse(file, "'recordings' must be a list with at least one entry");
  }
  for (const json& row : *list) manifest.entries.push_back(entry_of(file, row));
  std::ranges::sort(manifest.entries, {}, &ManifestEntry::file);
  const auto twice = std::ranges::adjacent_find(manifest.entries, {}, &ManifestEntry::file);
  if (twice != manifest.entries.end()) refuse(file, fmt::format("'{}' is listed twice", twice->file));
  std::map<std::string_view, Split> split_of_group;
  for (const ManifestEntry& entry : manifest.entries) {
    if (split_of_group.try_emplace(entry.group, entry.split).first->second == entry.split) continue;
    refuse(file, fmt::format("group '{}' is in two splits; it must stay together", entry.group));
  }
  return manifest;
}

void write_manifest(const fs::path& file, const Manifest& manifest) {
  const auto quoted = [](std::string_view text) {
    return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  };
  std::string text = fmt::format("{{\n\"format\": {},\n\"name\": {},\n\"licence\": {},\n\"recordings\": [\n",
                                 format_version, quoted(manifest.name), quoted(manifest.licence));
  for (std::size_t i = 0; i < manifest.entries.size(); ++i) {
    const ManifestEntry& entry = manifest.entries[i];
    text += fmt::format("{{\"file\": {}, \"digest\": {}, \"group\": {}, \"split\": {}}}{}\n", quoted(entry.file),
                        quoted(entry.digest), quoted(entry.group), quoted(to_string(entry.split)),
                        i + 1 < manifest.entries.size() ? "," : "");
  }
  write_file(file, text + "]\n}\n");
}

Manifest manifest_for(const fs::path& folder, const fs::path& file, const Progress& progress) {
  const fs::path place = file.empty() ? folder / manifest_file_name : file;
  std::error_code ignored;
  if (fs::exists(place, ignored)) {
    Manifest manifest = read_manifest(place);
    manifest.folder = folder;
    return manifest;
  }
  Manifest manifest = make_manifest(Corpus(folder), progress);
  write_manifest(place, manifest);
  return manifest;
}

std::vector<Recording> recordings(const Manifest& manifest, Split split) {
  std::vector<Recording> out;
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.split == split) out.push_back({manifest.folder / entry.file, entry.group});
  }
  return out;
}

std::optional<std::string> heard_in_training(const Manifest& trained, std::string_view collection,
                                             const ManifestEntry& entry) {
  for (const ManifestEntry& heard : trained.entries) {
    if (heard.split == Split::test) continue;
    if (!heard.digest.empty() && short_digest(heard.digest) == short_digest(entry.digest)) {
      return fmt::format("it is {} of '{}', split {}", heard.file.empty() ? "a recording" : "'" + heard.file + "'",
                         trained.name, to_string(heard.split));
    }
    if (trained.name == collection && !heard.group.empty() && heard.group == entry.group) {
      return fmt::format("its group '{}' of '{}' is in split {}", heard.group, trained.name, to_string(heard.split));
    }
  }
  return std::nullopt;
}

void refuse_heard(const Manifest& trained, const Manifest& data, Split split) {
  std::set<std::string> digests, groups;
  for (const ManifestEntry& entry : trained.entries) {
    if (entry.split == Split::test) continue;
    if (!entry.digest.empty()) digests.insert(short_digest(entry.digest));
    if (trained.name == data.name && !entry.group.empty()) groups.insert(entry.group);
  }
  std::size_t count = 0, of = 0;
  const ManifestEntry* first = nullptr;
  for (const ManifestEntry& entry : data.entries) {
    if (entry.split != split) continue;
    ++of;
    if (!digests.contains(short_digest(entry.digest)) && !groups.contains(entry.group)) continue;
    if (count++ == 0) first = &entry;
  }
  if (first == nullptr) return;
  throw Error(
      ErrorCode::invalid_argument,
      fmt::format("cannot evaluate on split '{}' of '{}': the model was trained on {} of its {} recordings, first "
                  "'{}': {}",
                  to_string(split), data.name, count, of, first->file,
                  heard_in_training(trained, data.name, *first).value_or("")));
}

std::vector<Split> share_out(std::span<const std::string> groups) {
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t i = 0; i < groups.size(); ++i) order.emplace_back(sha256_hex(groups[i]), i);
  std::ranges::sort(order);
  const auto n = static_cast<double>(groups.size());
  const std::size_t least = groups.size() >= 3 ? 1 : 0;
  const auto test = std::max(least, static_cast<std::size_t>(std::round(0.2 * n)));
  const auto validation = std::max(least, static_cast<std::size_t>(std::round(0.1 * n)));
  std::vector<Split> out(groups.size(), Split::train);
  if (groups.size() < 3) return out;
  for (std::size_t i = 0; i < test + validation; ++i) out[order[i].second] = i < test ? Split::test : Split::validation;
  return out;
}

}  // namespace soundalike
