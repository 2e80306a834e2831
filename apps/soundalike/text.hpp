#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike::cli {

/// Columns that UTF-8 `text` takes on a terminal: 0 for combining marks, 2 for wide East Asian characters and emoji,
/// else 1. Bytes that are not UTF-8 count 1 each. Escape sequences are not known to it: measure before colouring.
std::size_t display_width(std::string_view text);

/// `text` followed (or, aligned right, preceded) by spaces up to `width` columns; longer text stays as it is.
std::string pad(std::string_view text, std::size_t width, bool right = false);

/// `text` cut to `width` columns, the last one an ellipsis where something was cut.
std::string shorten(std::string_view text, std::size_t width);

/// Lines of at most `width` columns, broken at spaces; an empty line in `text` separates paragraphs and is kept.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// ASCII lower case; other bytes stay.
std::string lower(std::string_view text);

/// Parts between separators; no empty parts.
std::vector<std::string_view> split(std::string_view text, char separator = ' ');

}  // namespace soundalike::cli
