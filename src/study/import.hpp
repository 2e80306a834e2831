#pragma once

#include <filesystem>
#include <string>

#include "study/session_store.hpp"

namespace soundalike {

/// Takes results back: a mirror (results.jsonl), or the one JSON document of a listener.
/// @throws Error as Study::import().
AppendResult import_results(const std::filesystem::path& file, const std::string& study, const SessionStore& store);

}  // namespace soundalike
