#pragma once

#include <string_view>

namespace soundalike {

/// A file that is part of the program.
struct EmbeddedFile {
  std::string_view name;  ///< relative, "assets/app.js"
  std::string_view bytes;
  std::string_view digest;  ///< of the bytes, for an ETag
};

}  // namespace soundalike
