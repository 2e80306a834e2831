#include "effect/lv2_preset.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>

#include "effect/turtle.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view signature = "# An LV2 preset written by soundalike";
constexpr std::string_view prefixes =
    "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
    "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n";

[[noreturn]] void fail(ErrorCode code, const fs::path& bundle, std::string_view problem) {
  throw Error(code, fmt::format("cannot write preset '{}': {}", bundle.string(), problem));
}

std::string label_line(const std::string& label) { return fmt::format("    rdfs:label {} ;", turtle_string(label)); }

std::string subject(std::string_view uri, std::string_view effect, const std::string& label) {
  return fmt::format("{}\n    a pset:Preset ;\n    lv2:appliesTo {} ;\n{}\n", uri, turtle_uri(effect),
                     label_line(label));
}

std::string manifest(std::string_view effect, const std::string& label) {
  return fmt::format("{}\n{}{}    rdfs:seeAlso <preset.ttl> .\n", signature, prefixes,
                     subject("<preset.ttl>", effect, label));
}

std::string preset(std::string_view effect, const std::string& label, const EffectListing& listing,
                   std::span<const float> settings, SampleRate rate) {
  std::string ports;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const Parameter parameter = listing.parameters[i].at_rate(rate.hz);
    ports += fmt::format("{}[\n        lv2:symbol {} ;\n        pset:value {}\n    ]",
                         ports.empty() ? "    lv2:port " : " , ", turtle_string(parameter.id),
                         turtle_decimal(parameter.to_plain(settings[i])));
  }
  std::string text = std::string(signature) + "\n" + std::string(prefixes) + subject("<>", effect, label);
  if (ports.empty()) {
    text.replace(text.rfind(" ;\n"), 3, " .\n");
  } else {
    text += ports + " .\n";
  }
  return text;
}

void write_file(const fs::path& file, std::string_view text, const fs::path& bundle) {
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) fail(ErrorCode::io, bundle, std::strerror(errno));
}

std::set<fs::path> names_in(const fs::path& folder) {
  std::set<fs::path> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

/// The lines of the manifest of a bundle that holds our two files and nothing else; none for anything else.
std::set<std::string> manifest_lines(const fs::path& bundle) {
  if (!fs::is_directory(fs::symlink_status(bundle))) return {};
  if (names_in(bundle) != std::set<fs::path>{"manifest.ttl", "preset.ttl"}) return {};
  std::ifstream stream(bundle / "manifest.ttl");
  std::string line;
  if (!std::getline(stream, line) || line != signature) return {};
  std::set<std::string> lines{line};
  while (std::getline(stream, line)) lines.insert(line);
  return lines;
}

/// Whether nothing is lost by replacing what lies at `path`: nothing, an empty folder, or our two files.
void check_replaceable(const fs::path& path) {
  if (!fs::exists(fs::symlink_status(path))) return;
  if (!fs::is_directory(fs::symlink_status(path))) {
    fail(ErrorCode::invalid_argument, path, "there is a file of this name; name another folder");
  }
  if (names_in(path).empty() || !manifest_lines(path).empty()) return;
  fail(ErrorCode::invalid_argument, path,
       "the folder exists and is not a preset written by soundalike alone; name another or remove it");
}

/// A new folder beside `bundle` that is removed unless it has been moved away.
class FolderAside {
 public:
  explicit FolderAside(const fs::path& bundle) {
    std::error_code error;
    for (int attempt = 0; attempt < 100; ++attempt) {
      path_ = fmt::format("{}.{}-{}", bundle.string(), getpid(), attempt);
      if (fs::create_directory(path_, error)) return;
      if (error) break;
    }
    fail(ErrorCode::io, bundle, error ? error.message() : "too many leftovers beside it");
  }
  ~FolderAside() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  FolderAside(const FolderAside&) = delete;
  FolderAside& operator=(const FolderAside&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Puts `aside` in the place of `bundle`, in one step; what was there is then at `aside`.
void move_into_place(const fs::path& aside, const fs::path& bundle) {
  if (rename(aside.c_str(), bundle.c_str()) == 0) return;  // nothing there, or an empty folder
  if (renameat2(AT_FDCWD, aside.c_str(), AT_FDCWD, bundle.c_str(), RENAME_EXCHANGE) == 0) return;
  fail(ErrorCode::io, bundle, std::strerror(errno));
}

}  // namespace

void write_lv2_preset(const fs::path& bundle, const EffectListing& listing, std::span<const float> settings,
                      SampleRate rate, const std::string& label) {
  const std::string_view uri = std::string_view(listing.info.id).substr(std::string_view("lv2:").size());
  try {
    check_replaceable(bundle);
  } catch (const fs::filesystem_error& error) {
    fail(ErrorCode::io, bundle, error.code().message());
  }
  const FolderAside aside(bundle);
  write_file(aside.path() / "manifest.ttl", manifest(uri, label), bundle);
  write_file(aside.path() / "preset.ttl", preset(uri, label, listing, settings, rate), bundle);
  move_into_place(aside.path(), bundle);
}

bool remove_lv2_preset(const fs::path& bundle, const std::string& label) {
  try {
    if (!manifest_lines(bundle).contains(label_line(label))) return false;
    fs::remove_all(bundle);
    return true;
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::io, fmt::format("cannot remove preset '{}': {}", bundle.string(), error.code().message()));
  }
}

}  // namespace soundalike
