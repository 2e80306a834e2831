#pragma once

#include <filesystem>
#include <string>

namespace soundalike {

/// MD5 (RFC 1321) of a file's bytes, 32 hexadecimal digits: only to compare with sums that others publish.
/// @throws Error io.
std::string md5_of_file(const std::filesystem::path& file);

}  // namespace soundalike
