#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace soundalike {

/// One step of long work, told to whoever shows it.
struct ProgressUpdate {
  std::string_view stage;  ///< what is being done, e.g. "matching"
  std::size_t done = 0;
  std::size_t total = 0;  ///< 0 when unknown
  std::string note;       ///< e.g. "distance 0.412"; may be empty
};

/// Called from the thread that does the work; must return quickly. An empty function is allowed everywhere.
using Progress = std::function<void(const ProgressUpdate&)>;

}  // namespace soundalike
