#include "soundalike/corpus.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <system_error>

#include <fmt/format.h>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> extensions{".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff", ".aif"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_audio(const fs::path& file) {
  std::string extension = file.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::ranges::find(extensions, extension) != extensions.end();
}

// Runs of digits compare as numbers, whatever their length; everything else by bytes.
bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (!is_digit(a[i]) || !is_digit(b[j])) {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i;
      ++j;
      continue;
    }
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    const std::size_t first_i = i;
    const std::size_t first_j = j;
    while (i < a.size() && is_digit(a[i])) ++i;
    while (j < b.size() && is_digit(b[j])) ++j;
    const std::string_view x(a.data() + first_i, i - first_i);
    const std::string_view y(b.data() + first_j, j - first_j);
    if (x.size() != y.size()) return x.size() < y.size();
    if (x != y) return x < y;
  }
  if (a.size() - i != b.size() - j) return a.size() - i < b.size() - j;
  return a < b;  // "01" and "1": any fixed order
}

std::vector<fs::path> audio_below(const fs::path& folder) {
  std::error_code failure;
  std::vector<fs::path> files;
  auto at = fs::recursive_directory_iterator(folder, failure);
  while (!failure && at != fs::recursive_directory_iterator()) {
    std::error_code ignored;  // a dangling link is not a file
    const bool hidden = at->path().filename().string().starts_with('.');
    if (at->is_directory(ignored)) {
      if (hidden) at.disable_recursion_pending();
    } else if (!hidden && at->is_regular_file(ignored) && is_audio(at->path())) {
      files.push_back(at->path());
    }
    at.increment(failure);
  }
  if (failure) {
    throw Error(ErrorCode::io, fmt::format("cannot read folder '{}': {}", folder.string(), failure.message()));
  }
  return files;
}

}  // namespace

Corpus::Corpus(const fs::path& folder) : folder_(folder) {
  std::error_code ignored;
  if (!fs::exists(folder, ignored)) {
    throw Error(ErrorCode::not_found, fmt::format("cannot read folder '{}': no such folder", folder.string()));
  }
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot read folder '{}': it is a file; give the folder that holds it", folder.string()));
  }
  files_ = audio_below(folder);
  if (files_.empty()) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("no audio below '{}'; looked for wav, flac, ogg, opus, mp3, aiff and aif files", folder.string()));
  }
  std::ranges::sort(files_, [](const fs::path& a, const fs::path& b) { return natural_less(a.string(), b.string()); });
}

std::vector<fs::path> Corpus::files(Split split) const {
  std::vector<fs::path> out;
  std::ranges::copy_if(files_, std::back_inserter(out), [&](const fs::path& file) { return split_of(file) == split; });
  return out;
}

}  // namespace soundalike
