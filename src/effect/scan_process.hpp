#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "effect/scan.hpp"

namespace soundalike {

struct ScanProcessOptions {
  double deadline_seconds = 10.0;             ///< for one file
  std::size_t processes = 0;                  ///< 0: one per core, at most eight
  std::optional<std::string> worker_program;  ///< absent: as find_worker_program() has it
};

/// Loads files in `soundalike-worker --scan` processes, several at a time and many files to a process. One that crashes
/// or hangs costs its process; when others were loaded there before it, it is tried once more alone, so that no file is
/// blamed for another. Calls `take` for each file, with its effects or one entry that says why it has none, from one
/// thread at a time, in any order. @throws Error io when no worker can be started; files not taken by then are unknown.
void scan_in_processes(const EffectFormat& format, std::span<const ScanFile> files, const ScanProcessOptions& options,
                       const std::function<void(const ScanFile& file, std::vector<EffectListing> listings)>& take);

/// The other end: loads the files that come in over the socket, until it closes. @return the exit status.
int serve_scan(int descriptor, std::string_view scheme);

}  // namespace soundalike
