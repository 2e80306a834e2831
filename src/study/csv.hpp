#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// Writes RFC 4180 with LF line ends. Cells come out as they went in: one that begins with "=" is a formula to a
/// spreadsheet.
class CsvWriter {
 public:
  explicit CsvWriter(const std::vector<std::string>& header) { row(header); }
  void row(const std::vector<std::string>& cells);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// A table with a header, as read. Separated by commas, or by semicolons as some locales write; quotes as in RFC 4180.
struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  char separator = ',';

  std::string file;  ///< for messages

  /// Index of a column, or -1.
  std::ptrdiff_t column(std::string_view name) const;
  /// The same of one that must be there. @throws Error invalid_argument naming those that are.
  std::size_t needed(std::string_view name) const;
  /// A cell that must be a number in [low, high]. @throws Error invalid_argument naming row, column and what is there.
  double number(std::size_t row, std::size_t column, double low, double high) const;
};

/// The file's table. @throws Error not_found, and as parse_csv().
CsvTable read_csv(const std::filesystem::path& file);

/// A number with a decimal point whatever the locale is, or nothing.
std::optional<double> csv_number(std::string_view text);

/// @param file stands in errors.
/// @throws Error invalid_argument for an empty text, an open quote, a row longer or shorter than the header.
CsvTable parse_csv(std::string_view text, const std::string& file);

}  // namespace soundalike
