#pragma once

#include <span>

#include "soundalike/embedded_file.hpp"

namespace soundalike::serve {

/// The built pages, web/dist, ordered by name.
std::span<const EmbeddedFile> embedded_pages();

}  // namespace soundalike::serve
