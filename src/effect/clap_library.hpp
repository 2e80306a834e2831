#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "effect/clap_sdk.hpp"

namespace soundalike::clap {

/// What a library says of one of its plugins.
struct ClassInfo {
  std::string id;  ///< "com.zamaudio.ZamComp"
  std::string name, vendor, version;
  std::vector<std::string> features;  ///< "audio-effect", "compressor", "stereo"
};

/// A .clap file, entered once in a process and never left: see load_library().
class Library {
 public:
  /// @throws Error plugin_failed when it cannot be loaded or is no CLAP plugin.
  static const Library& load(const std::filesystem::path& file);

  const std::string& name() const { return name_; }  ///< of the file
  const std::vector<ClassInfo>& classes() const { return classes_; }
  const ClassInfo* find(std::string_view id) const;  ///< null where it holds no such plugin
  const clap_plugin_factory& factory() const { return *factory_; }

 private:
  explicit Library(const std::filesystem::path& file);
  void read_classes();

  std::string name_;
  const clap_plugin_factory* factory_ = nullptr;
  std::vector<ClassInfo> classes_;
};

}  // namespace soundalike::clap
