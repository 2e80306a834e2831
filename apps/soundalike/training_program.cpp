#include "training_program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "soundalike/error.hpp"

namespace soundalike::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* name = "soundalike-train";

fs::path beside_this_program() {
  std::error_code problem;
  const fs::path self = fs::read_symlink("/proc/self/exe", problem);
  return problem ? fs::path() : self.parent_path() / name;
}

// The words of this process, as they were given.
std::vector<std::string> own_words() {
  std::ifstream in("/proc/self/cmdline", std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::string> words;
  for (std::size_t at = 0; at < all.size();) {
    words.emplace_back(all.c_str() + at);
    at += words.back().size() + 1;
  }
  return words;
}

}  // namespace

int run_in_training_program(const Arguments& /*arguments*/, Context& /*context*/) {
  const char* named = std::getenv("SOUNDALIKE_TRAIN");
  const fs::path program = named != nullptr && *named != '\0' ? fs::path(named) : beside_this_program();
  if (::access(program.c_str(), X_OK) != 0) {
    throw Error(ErrorCode::unsupported,
                fmt::format("cannot train: '{}' is not installed; it comes with libtorch, as a component of its own "
                            "(cmake --install build --component training, or build with -DSOUNDALIKE_TRAINING=ON)",
                            program.string()));
  }
  std::vector<std::string> words = own_words();
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(program.c_str(), pointers.data());
  throw Error(ErrorCode::io,
              fmt::format("cannot start '{}': {}", program.string(), std::generic_category().message(errno)));
}

}  // namespace soundalike::cli
