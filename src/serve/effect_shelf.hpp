#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "serve/json_input.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike::serve {

/// The effects of this machine as clients see them. Safe from many threads.
class EffectShelf {
 public:
  explicit EffectShelf(const EffectLibrary::Options& options);

  /// Those that can be used and fit: `query` is words in any order, the others are exact; empty fits all.
  Json list(std::string_view query, std::string_view format, std::string_view klass) const;
  /// With all parameters. @throws Error as EffectLibrary::find().
  Json describe(std::string_view id) const;

  /// Effects in series by id or name. @throws Error as EffectLibrary::find().
  std::vector<EffectListing> chain(const std::vector<std::string>& names) const;
  /// Frames per block that a match of the chain uses.
  std::size_t block_size(const std::vector<EffectListing>& chain) const;

 private:
  Json summary(const EffectListing& listing) const;

  EffectLibrary library_;
  std::set<std::string, std::less<>> controlled_;  // by id: those with a controller of their own
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::size_t> block_sizes_;  // by ids of the chain: profiles are files
};

/// "lv2" of "lv2:<uri>".
std::string_view format_of(const EffectListing& listing);

/// @throws Error invalid_argument unless there is one setting per parameter of the chain.
void check_count(const std::vector<EffectListing>& chain, const std::vector<float>& settings);

/// `[{index, id, name, unit, kind, ...}]`, ranges as they are at 48 kHz.
Json parameters_json(const std::vector<EffectListing>& chain);
Json parameters_json(const std::vector<Parameter>& parameters, const std::vector<SettingsSpace::Knob>& free);
/// `[{text, unit, plain}]`. @throws Error as check_count().
Json texts_json(const std::vector<EffectListing>& chain, const std::vector<float>& settings, double rate);
Json texts_json(const std::vector<Parameter>& parameters, const std::vector<float>& settings, double rate);

}  // namespace soundalike::serve
