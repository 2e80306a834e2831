#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "effect/vst3_sdk.hpp"

namespace soundalike::vst3 {

/// UTF-8 of UTF-16 that ends with a zero or after `most` units; unpaired surrogates become U+FFFD. Trimmed.
std::string utf8(const Steinberg::char16* text, std::size_t most = 128);
/// A fixed field of bytes that ends with a zero or is full. Trimmed.
std::string field(const char* text, std::size_t size);

/// A class id as it stands in presets and manifests: 32 hexadecimal digits, upper case.
std::string hex(const Steinberg::TUID id);
/// @return whether the text was such digits, of either case.
bool from_hex(std::string_view text, Steinberg::TUID id);

/// What a result code is called: "kInvalidArgument".
std::string result_name(Steinberg::tresult result);

}  // namespace soundalike::vst3
