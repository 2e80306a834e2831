#pragma once

#include <type_traits>

#include "effect/archive.hpp"
#include "soundalike/effect_library.hpp"

namespace soundalike {

/// How listings are written and read: see ArchiveWriter. The structured bindings name every member: one that is added
/// does not compile until it is listed here.
template <typename Archive>
void transfer(Archive& archive, auto& value) {
  using Value = std::remove_cvref_t<decltype(value)>;
  if constexpr (std::is_same_v<Value, ChoiceValue>) {
    auto& [plain, label] = value;
    archive(plain, label);
  } else if constexpr (std::is_same_v<Value, Parameter>) {
    auto& [id, name, unit, kind, logarithmic, minimum, maximum, default_plain, choices, trigger, scales] = value;
    archive(id, name, unit, kind, logarithmic, minimum, maximum, default_plain, choices, trigger, scales);
  } else if constexpr (std::is_same_v<Value, EffectInfo>) {
    auto& [id, name, klass, author, version, inputs, outputs] = value;
    archive(id, name, klass, author, version, inputs, outputs);
  } else {
    static_assert(std::is_same_v<Value, EffectListing>);
    auto& [info, parameters, bundle, missing_features, unusable] = value;
    std::string folder = bundle.string();
    archive(info, parameters, folder, missing_features, unusable);
    if constexpr (std::is_same_v<Archive, ArchiveReader>) bundle = folder;
  }
}

}  // namespace soundalike
