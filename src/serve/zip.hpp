#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soundalike::serve {

/// A ZIP archive (PKWARE APPNOTE 6.3) of files in memory, stored without compression, dated 1980-01-01: the same files
/// give the same bytes. Names in UTF-8, at most 65535 files of under 4 GiB in all.
std::string zip_bytes(const std::vector<std::pair<std::string, std::string>>& files);

/// All files below a folder, their names beginning with the folder's own.
std::string zip_folder(const std::filesystem::path& folder);

}  // namespace soundalike::serve
