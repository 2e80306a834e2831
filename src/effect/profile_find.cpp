#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "effect/built_in_profiles.hpp"
#include "effect/user_folders.hpp"
#include "soundalike/error.hpp"
#include "soundalike/profile.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

/// The one profile for `effect` among the *.json of a folder; the others must be readable too, as only their effect
/// field tells whom they are for.
std::optional<Profile> find_in_folder(const fs::path& folder, const EffectListing& listing) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (error) {
    throw Error(ErrorCode::io, fmt::format("cannot read profiles from '{}': {}", folder.string(), error.message()));
  }
  std::sort(files.begin(), files.end());
  std::optional<Profile> found;
  fs::path found_in;
  for (const fs::path& file : files) {
    Profile profile = read_profile(file);
    if (profile.effect != listing.info.id) continue;
    if (found) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot choose a profile for '{}': both '{}' and '{}' are for it; keep one",
                              listing.info.name, found_in.string(), file.string()));
    }
    found = std::move(profile);
    found_in = file;
  }
  if (!found) return found;
  for (const auto& [id, knob] : found->knobs) {
    if (std::ranges::find(listing.parameters, id, &Parameter::id) != listing.parameters.end()) continue;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use profile '{}': '{}' has no parameter '{}' (soundalike effects show lists them)",
                            found_in.string(), listing.info.name, id));
  }
  return found;
}

std::optional<Profile> find_built_in(const EffectListing& listing) {
  for (const BuiltInProfile& row : built_in_profiles()) {
    if (row.effect == listing.info.id) return parse_profile(row.json, row.origin);
  }
  return std::nullopt;
}

std::optional<Profile> find_written(const EffectListing& listing) {
  if (const char* folder = std::getenv("SOUNDALIKE_PROFILES"); folder && *folder) {
    if (!fs::is_directory(folder)) {
      throw Error(ErrorCode::not_found,
                  fmt::format("cannot read profiles from '{}' (SOUNDALIKE_PROFILES): no such folder", folder));
    }
    if (auto profile = find_in_folder(folder, listing)) return profile;
  }
  std::error_code unreadable;  // a home that is somebody else's holds no profiles for this user
  if (auto config = user_folder("XDG_CONFIG_HOME", ".config");
      config && fs::is_directory(*config / "profiles", unreadable)) {
    if (auto profile = find_in_folder(*config / "profiles", listing)) return profile;
  }
  return find_built_in(listing);
}

}  // namespace

Profile find_profile(const EffectListing& listing) {
  Profile complete = Profile::from_metadata(listing);
  std::optional<Profile> written = find_written(listing);
  if (!written) return complete;
  for (auto& [id, knob] : complete.knobs) {
    if (auto entry = written->knobs.find(id); entry != written->knobs.end()) knob = std::move(entry->second);
  }
  written->knobs = std::move(complete.knobs);
  if (written->name.empty()) written->name = complete.name;
  return *std::move(written);
}

}  // namespace soundalike
