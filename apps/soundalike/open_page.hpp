#pragma once

#include <string>

namespace soundalike::cli {

/// Shows an address in the user's browser. @return whether one could be started.
bool open_page(const std::string& url);

}  // namespace soundalike::cli
