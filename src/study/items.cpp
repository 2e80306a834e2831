#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "soundalike/error.hpp"
#include "soundalike/study_stimuli.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

// Audio by name without extension.
std::map<std::string, fs::path> recordings_in(const fs::path& folder) {
  constexpr std::string_view extensions[] = {".wav", ".flac", ".aiff", ".aif", ".ogg", ".mp3"};
  if (!fs::is_directory(folder)) {
    throw Error(ErrorCode::not_found, fmt::format("cannot read '{}': no such folder", folder.string()));
  }
  std::map<std::string, fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (!entry.is_regular_file() || std::ranges::find(extensions, extension) == std::end(extensions)) continue;
    if (!found.emplace(entry.path().stem().string(), entry.path()).second) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("'{}' holds two recordings '{}'", folder.string(), entry.path().stem().string()));
    }
  }
  if (found.empty()) {
    throw Error(ErrorCode::not_found,
                fmt::format("'{}' holds no recordings (WAV, FLAC, AIFF, Ogg, MP3)", folder.string()));
  }
  return found;
}

// As ids may be.
std::string id_of(const std::string& name) {
  std::string id;
  for (const char c : name) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    id += plain ? c : '_';
  }
  return id;
}

}  // namespace

std::vector<StudyItem> items_of_evaluation(const fs::path& run, const std::vector<std::string>& systems,
                                           const std::string& against) {
  constexpr std::string_view not_systems[] = {"input", "reference", "target"};
  if (!fs::is_directory(run / "audio")) {
    throw Error(ErrorCode::not_found,
                fmt::format("cannot take examples from '{}': it has no folder 'audio'; an evaluation keeps what its "
                            "'examples' says",
                            run.string()));
  }
  std::vector<StudyItem> items;
  std::vector<fs::path> pairs;
  for (const auto& entry : fs::recursive_directory_iterator(run / "audio")) {
    if (entry.path().filename() == against + ".wav") pairs.push_back(entry.path().parent_path());
  }
  std::ranges::sort(pairs);
  for (const fs::path& pair : pairs) {
    const std::string group = pair.parent_path().filename().string();
    StudyItem item{.id = id_of(group + "-" + pair.filename().string()), .group = group};
    for (const auto& [name, file] : recordings_in(pair)) {
      if (name == against) item.reference = file;
      if (std::ranges::find(not_systems, name) != std::end(not_systems)) continue;
      if (systems.empty() || std::ranges::find(systems, name) != systems.end())
        item.systems.push_back({id_of(name), file});
    }
    if (item.systems.empty() || (!systems.empty() && item.systems.size() != systems.size())) {
      throw Error(ErrorCode::not_found, fmt::format("'{}' lacks systems: found {} of {}", pair.string(),
                                                    item.systems.size(), systems.size()));
    }
    items.push_back(std::move(item));
  }
  if (items.empty()) {
    throw Error(ErrorCode::not_found, fmt::format("'{}' holds no {}.wav", (run / "audio").string(), against));
  }
  return items;
}

std::vector<StudyItem> items_of_folders(const fs::path& reference,
                                        const std::vector<std::pair<std::string, fs::path>>& conditions) {
  std::vector<StudyItem> items;
  const bool referenced = !reference.empty();
  const fs::path& first = referenced ? reference : conditions.at(0).second;
  const auto names = recordings_in(first);
  items.reserve(names.size());
  for (const auto& [name, file] : names) items.push_back({.id = id_of(name), .reference = referenced ? file : ""});
  for (const auto& [condition, folder] : conditions) {
    const auto files = recordings_in(folder);
    for (const auto& [name, file] : files) {
      if (names.contains(name)) continue;
      throw Error(ErrorCode::not_found, fmt::format("'{}' has no counterpart in '{}'", file.string(), first.string()));
    }
    std::size_t i = 0;
    for (const auto& [name, file] : names) {
      const auto found = files.find(name);
      if (found == files.end()) {
        throw Error(ErrorCode::not_found,
                    fmt::format("'{}' has no counterpart in '{}'", file.string(), folder.string()));
      }
      items[i++].systems.push_back({condition, found->second});
    }
  }
  return items;
}

}  // namespace soundalike
