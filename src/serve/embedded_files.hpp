#pragma once

#include <span>
#include <string_view>

namespace soundalike::serve {

/// A file that is part of the program.
struct EmbeddedFile {
  std::string_view name;  ///< relative, "assets/app.js"
  std::string_view bytes;
  std::string_view digest;  ///< of the bytes, for an ETag
};

/// The built pages, web/dist, ordered by name.
std::span<const EmbeddedFile> embedded_pages();
/// The demo's recordings.
std::span<const EmbeddedFile> embedded_clips();

}  // namespace soundalike::serve
