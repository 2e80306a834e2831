#pragma once

#include <string_view>

#include "soundalike/error.hpp"
#include "soundalike/map_labels.hpp"
#include "soundalike/map_outline.hpp"
#include "soundalike/map_table.hpp"
#include "soundalike/npy.hpp"

/// Feeds bytes to everything that reads a map's files: refused with Error or understood, never anything else. What was
/// understood is written and read again.
inline void fuzz_map(std::string_view bytes) {
  using namespace soundalike;
  const auto attempt = [](auto&& action) {
    try {
      action();
    } catch (const Error&) {
      // that is how bad files are to be met
    }
  };
  attempt([&] {
    const NpyArray array = parse_npy(bytes, "fuzz");
    if (parse_npy(npy_bytes(array.shape, array.values), "again").shape != array.shape) __builtin_trap();
  });
  attempt([&] {
    const std::string text = to_json(parse_map_outline(bytes, "fuzz"));
    if (to_json(parse_map_outline(text, "again")) != text) __builtin_trap();
  });
  attempt([&] { parse_regions(bytes, "fuzz"); });
  attempt([&] {
    const NumberTable table = parse_number_table(bytes, "fuzz");
    for (const auto& column : table.columns) {
      if (column.size() != table.columns.front().size()) __builtin_trap();
    }
  });
}
