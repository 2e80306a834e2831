#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace soundalike::latent {

/// All bytes of a file. @param what stands before its name in errors: "the array". @throws Error not_found, io.
std::string file_text(const std::filesystem::path& path, std::string_view what);

}  // namespace soundalike::latent
