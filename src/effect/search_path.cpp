#include "effect/search_path.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <sstream>
#include <string_view>
#include <vector>

#include "effect/hash.hpp"

namespace soundalike {
namespace {

// A search folder is depth 0, a bundle 1; no known bundle keeps Turtle deeper than 3, and links may form a loop.
constexpr int deepest = 4;

std::uint64_t stamp(std::string_view name, const struct stat& status, std::uint64_t parent) {
  std::uint64_t value = hash(name, parent);
  value = mix(value ^ static_cast<std::uint64_t>(status.st_mtim.tv_sec));
  value = mix(value ^ static_cast<std::uint64_t>(status.st_mtim.tv_nsec));
  // A folder's size is the file system's business.
  return S_ISDIR(status.st_mode) ? value : mix(value ^ static_cast<std::uint64_t>(status.st_size));
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

/// Sum over the entries, as the order in which a folder lists them may differ. Takes `descriptor` over.
std::uint64_t walk(int descriptor, std::string_view suffix, std::uint64_t parent, int depth) {
  std::unique_ptr<DIR, CloseFolder> folder(fdopendir(descriptor));
  if (!folder) {
    close(descriptor);
    return 0;
  }
  std::uint64_t sum = 0;
  while (const dirent* entry = readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    const bool wanted = name.ends_with(suffix);
    const bool maybe_folder = entry->d_type == DT_DIR || entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN;
    if (name == "." || name == ".." || (!wanted && !maybe_folder)) continue;
    struct stat status;
    if (fstatat(descriptor, entry->d_name, &status, 0) != 0) continue;
    if (!wanted && !S_ISDIR(status.st_mode)) continue;
    const std::uint64_t own = stamp(name, status, parent);
    sum += own;
    if (!S_ISDIR(status.st_mode) || depth == deepest) continue;
    const int child = openat(descriptor, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (child >= 0) sum += walk(child, suffix, hash(name, parent), depth + 1);
  }
  return sum;
}

}  // namespace

std::vector<std::string> folders_of(const std::string& path) {
  std::vector<std::string> result;
  std::istringstream stream(path);
  for (std::string folder; std::getline(stream, folder, ':');) {
    if (!folder.empty()) result.push_back(std::move(folder));
  }
  return result;
}

std::string resolve_search_path(std::string_view variable, std::string_view standard,
                                const std::optional<std::string>& wanted) {
  std::string path(standard);
  if (const char* value = std::getenv(std::string(variable).c_str()); value && *value) path = value;
  if (wanted) path = *wanted;
  std::string resolved;
  for (std::string folder : folders_of(path)) {
    if (folder.starts_with("~/")) {
      const char* home = std::getenv("HOME");
      if (!home || !*home) continue;
      folder.replace(0, 1, home);
    }
    resolved += (resolved.empty() ? "" : ":") + folder;
  }
  return resolved;
}

std::uint64_t fingerprint(const std::string& path, std::string_view suffix) {
  std::uint64_t sum = 0;
  for (const std::string& folder : folders_of(path)) {
    struct stat status;
    if (stat(folder.c_str(), &status) != 0) continue;
    const std::uint64_t own = hash(folder);
    sum += stamp(folder, status, own);
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) sum += walk(descriptor, suffix, own, 0);
  }
  return sum;
}

}  // namespace soundalike
