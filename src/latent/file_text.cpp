#include "latent/file_text.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "soundalike/error.hpp"

namespace soundalike::latent {

std::string file_text(const std::filesystem::path& path, std::string_view what) {
  std::error_code problem;
  if (!std::filesystem::is_regular_file(path, problem)) {
    throw Error(ErrorCode::not_found, fmt::format("cannot read {} '{}': there is no such file", what, path.string()));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (!in.good() && !in.eof()) {
    throw Error(ErrorCode::io, fmt::format("cannot read {} '{}': reading failed", what, path.string()));
  }
  return text;
}

}  // namespace soundalike::latent
