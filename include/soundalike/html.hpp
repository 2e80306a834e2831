#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// Pieces of pages that stand in one file, for reports.
///
///   write_file("report.html", html_page("Grades", html_table({"system", "mean"}, {{"dry", "41.0"}}) + svg));

/// Text as it must stand in HTML and SVG, in attributes too.
std::string html_escape(std::string_view text);

/// A table; columns whose every cell begins like a number are aligned right. Cells are escaped.
std::string html_table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

/// A whole document around a body of HTML: title, style, light and dark by what the reader's system says. Nothing from
/// elsewhere, no script.
/// @param more_style CSS for what the body has of its own.
std::string html_page(std::string_view title, std::string_view body, std::string_view more_style = {});

}  // namespace soundalike
