#pragma once

#include <filesystem>
#include <string_view>

namespace soundalike {

/// A new, empty folder that only this user may enter, removed with all it holds when the object goes: for what other
/// programs read and write, and for outputs that are not finished.
///
///   const TemporaryFolder scratch("soundalike-synth");
///   write_audio(scratch / "input.wav", audio);
class TemporaryFolder {
 public:
  /// @param prefix what its name begins with; "-" and six letters that nothing there has follow.
  /// @param parent must exist; empty: the system's folder for temporary files ($TMPDIR, else /tmp).
  /// @throws Error io when it cannot be made.
  explicit TemporaryFolder(std::string_view prefix = "soundalike", std::filesystem::path parent = {});
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace soundalike
