#include "effect/vst3_bundle.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "effect/search_path.hpp"
#include "soundalike/error.hpp"

namespace soundalike::vst3 {
namespace {

namespace fs = std::filesystem;

// What the VST3 documentation calls the folders: the machine as `uname -m` has it, then the system.
#if defined(__x86_64__)
constexpr std::string_view machine_folder = "x86_64-linux";
#elif defined(__aarch64__)
constexpr std::string_view machine_folder = "aarch64-linux";
#elif defined(__i386__)
constexpr std::string_view machine_folder = "i386-linux";
#else
constexpr std::string_view machine_folder = "armv7l-linux";
#endif

// Vendors put their bundles into a folder of their own, some into one per product; links may form a loop.
constexpr int deepest = 4;

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && entry != end; entry.increment(error)) {
    found.push_back(entry->path());
  }
  std::ranges::sort(found);
  return found;
}

/// The only file of the folder that could be meant: the one of the bundle's name, else the only library.
fs::path library_in(const fs::path& folder, const fs::path& bundle) {
  fs::path named = folder / (bundle.stem().string() + ".so");
  if (is_file(named)) return named;
  std::vector<fs::path> libraries;
  for (const fs::path& entry : entries(folder)) {
    if (entry.extension() == ".so" && is_file(entry)) libraries.push_back(entry);
  }
  return libraries.size() == 1 ? libraries.front() : fs::path();
}

void find_below(const fs::path& folder, int depth, std::vector<fs::path>& found) {
  for (const fs::path& entry : entries(folder)) {
    if (entry.extension() != ".vst3") {
      if (depth < deepest && is_folder(entry)) find_below(entry, depth + 1, found);
    } else if (is_folder(entry)) {
      fs::path code = library_in(entry / "Contents" / machine_folder, entry);
      found.push_back(code.empty() ? entry : code);
    } else if (is_file(entry)) {
      found.push_back(entry);
    }
  }
}

}  // namespace

std::vector<fs::path> find_modules(const std::string& path) {
  std::vector<fs::path> found;
  for (const std::string& folder : folders_of(path)) find_below(folder, 0, found);
  return found;
}

fs::path bundle_of(const fs::path& module) {
  for (fs::path above = module; above.has_relative_path(); above = above.parent_path()) {
    if (above.extension() == ".vst3") return above;
  }
  return module;
}

fs::path code_of(const fs::path& bundle) {
  if (!is_folder(bundle)) return bundle;
  const fs::path contents = bundle / "Contents";
  fs::path code = library_in(contents / machine_folder, bundle);
  if (!code.empty()) return code;
  std::vector<std::string> others;
  for (const fs::path& entry : entries(contents)) {
    const std::string name = entry.filename().string();
    if (is_folder(entry) && name != "Resources" && name != machine_folder) others.push_back(name);
  }
  throw Error(ErrorCode::unsupported,
              fmt::format("the bundle holds no code for {}{}", machine_folder,
                          others.empty() ? "" : fmt::format(", only for {}", fmt::join(others, ", "))));
}

}  // namespace soundalike::vst3
