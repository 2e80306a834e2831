#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/effect.hpp"

namespace soundalike {

/// Everything about an effect that can be known without running it.
struct EffectListing {
  EffectInfo info;
  std::vector<Parameter> parameters;
  std::filesystem::path bundle;               ///< the folder or file it lives in; empty when it is built in
  std::vector<std::string> missing_features;  ///< required by the plugin, not offered by this host
  std::string unusable;  ///< empty, or why it cannot be an effect here: "instrument: no audio input", ...
};

/// The effects of this machine, of every plugin format, from a cache that is renewed when a plugin changes.
///
///   EffectLibrary library;                             // scans, or reads the cache
///   const EffectListing& drive = library.find("mda overdrive");   // by id, URI, or unambiguous name
///   auto effect = library.open(drive.info.id, {SampleRate{48000}, 2});
///
/// Ids start with the format: "lv2:<uri>", "vst3:<class id>", "ladspa:<file>#<label>", "builtin:<name>". Searched for
/// LV2: LV2_PATH, else ~/.lv2, /usr/local/lib/lv2, /usr/lib/lv2 and the multiarch folder beside it; for VST3 and LADSPA
/// the same with other names. A bundle counts as changed when its folder, one of its Turtle files, its code or its
/// moduleinfo.json has another time or size, a LADSPA library also when one of the RDF files in $LADSPA_RDF_PATH has. A
/// missing, damaged or outdated cache means a scan, and one that cannot be written is done without. No code of a plugin
/// runs in this process: files that must be loaded to be listed are loaded in worker processes, and one that crashes or
/// hangs there is listed as unusable, and not loaded again before it changes. Safe to read from many threads once made.
class EffectLibrary {
 public:
  struct Options {
    /// absent: $XDG_CACHE_HOME/soundalike/effects.cache, else ~/.cache/soundalike/effects.cache
    std::optional<std::filesystem::path> cache_file{};
    bool use_cache = true;
    std::optional<std::string> lv2_path{};  ///< colon-separated; absent: $LV2_PATH or the standard folders
    std::optional<std::string> vst3_path{};
    std::optional<std::string> clap_path{};
    std::optional<std::string> ladspa_path{};
    bool built_in = true;                 ///< whether to list the effects that come with the program
    double scan_deadline_seconds = 10.0;  ///< for loading one file, where its format needs it
  };
  EffectLibrary() : EffectLibrary(Options{}) {}
  /// @throws Error io when files must be loaded to be listed and no worker can be started. What is known is kept.
  explicit EffectLibrary(const Options& options);

  /// All plugins found, usable or not, ordered by id, each id once.
  const std::vector<EffectListing>& listings() const { return listings_; }
  /// Whether the listings were read from the cache instead of scanned.
  bool from_cache() const { return from_cache_; }

  /// By id ("lv2:<uri>"), bare URI or full name; then by name and then by the end of the URI ("Overdrive") with case,
  /// spaces, hyphens and underscores ignored; then by words that name, author and URI hold between them ("swh plate").
  /// The first of these rules that fits decides; of several, the one that is usable, or of one name in several formats
  /// the first of LV2, VST3, CLAP, LADSPA, built in. A scheme before a name asks for its format: "vst3:ZamComp".
  /// @throws Error not_found with the nearest names, or with all candidates when the text is ambiguous;
  ///         unsupported when the plugin exists but cannot be used here, with the reason.
  const EffectListing& find(std::string_view text) const;

  /// Loads the plugin's code into this process. @throws Error as find(), and plugin_failed when it cannot be loaded.
  std::unique_ptr<Effect> open(std::string_view text, const RenderSetup& setup) const;

 private:
  std::vector<EffectListing> listings_;
  bool from_cache_ = false;
};

/// Whether instances of this plugin leave traces in the process that later ones hear, so that a render repeats only in
/// a process that has made no instance before. From a table; BatchRenderer sees to it.
bool needs_isolation(const EffectListing& listing);

/// Opens one plugin straight from its listing, without a scan: what a render worker does.
std::unique_ptr<Effect> open_effect(const EffectListing& listing, const RenderSetup& setup);

}  // namespace soundalike
