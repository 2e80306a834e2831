#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

/// An array of numbers with a shape, row-major.
struct NpyArray {
  std::vector<std::size_t> shape;  ///< empty: one number
  std::vector<float> values;

  std::size_t rows() const { return shape.empty() ? 1 : shape[0]; }
};

/// NumPy's file format, version 1.0 to 3.0 (numpy.lib.format), as floats: np.load(path) reads what is written here,
/// little-endian float32. Read are also float64, integers and booleans of either byte order, and arrays in Fortran
/// order; no objects, so no code.
///
///   write_npy("settings.npy", {1000, 3}, settings);
///   NpyArray again = read_npy("settings.npy");
///
/// @throws Error not_found, io; invalid_argument naming the file and what is wrong in it: truncated, followed by more,
///         another type of number, a shape that its bytes are not.
NpyArray read_npy(const std::filesystem::path& path);
/// @param origin stands for the file name in errors. Memory stays in proportion to the bytes.
NpyArray parse_npy(std::string_view bytes, std::string_view origin);

/// Equal arrays give equal bytes. @throws Error invalid_argument when the values are not as many as the shape has.
std::string npy_bytes(std::span<const std::size_t> shape, std::span<const float> values);
/// Written aside and renamed. @throws Error as npy_bytes(), io.
void write_npy(const std::filesystem::path& path, const std::vector<std::size_t>& shape, std::span<const float> values);

}  // namespace soundalike
