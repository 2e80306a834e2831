#include "effect/user_folders.hpp"

#include <cstdlib>

namespace soundalike {

std::optional<std::filesystem::path> user_folder(const char* variable, const char* fallback) {
  if (const char* value = std::getenv(variable); value && *value == '/') {
    return std::filesystem::path(value) / "soundalike";
  }
  if (const char* home = std::getenv("HOME"); home && *home == '/') {
    return std::filesystem::path(home) / fallback / "soundalike";
  }
  return std::nullopt;
}

}  // namespace soundalike
