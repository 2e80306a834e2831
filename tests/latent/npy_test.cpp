#include "soundalike/npy.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"

using namespace soundalike;

namespace {

/// A file as numpy.save writes it.
std::string file(const std::string& type, const std::string& shape, const std::string& data, bool fortran = false,
                 char version = 1) {
  std::string header =
      "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }";
  header.resize(117, ' ');
  header += '\n';
  std::string bytes = std::string("\x93NUMPY") + version + '\0' + static_cast<char>(header.size()) + '\0';
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + header + data;
}

template <typename Number>
std::string bytes_of(std::initializer_list<Number> numbers) {
  std::string bytes(numbers.size() * sizeof(Number), '\0');
  std::memcpy(bytes.data(), std::data(numbers), bytes.size());
  return bytes;
}

}  // namespace

TEST_CASE("an_array_is_read_as_it_was_written") {
  const TempFolder folder;
  const std::vector<float> values{1.5f, -2.0f, 3.25f, 0.0f, 1e-30f, -7.0f};
  write_npy(folder / "a.npy", {2, 3}, values);
  const NpyArray again = read_npy(folder / "a.npy");
  CHECK(again.shape == std::vector<std::size_t>{2, 3});
  CHECK(again.values == values);
  CHECK(std::filesystem::file_size(folder / "a.npy") % 8 == 0);
  const std::string bytes = npy_bytes(std::vector<std::size_t>{6}, values);
  CHECK((bytes.size() - 24) % 64 == 0);  // numbers begin aligned, as numpy asks for
  CHECK(bytes.find("'shape': (6,)") != std::string::npos);
}

TEST_CASE("every_kind_of_number_is_read") {
  const std::vector<float> wanted{1.0f, 0.0f};
  CHECK(parse_npy(file("<f4", "(2,)", bytes_of({1.0f, 0.0f})), "x").values == wanted);
  CHECK(parse_npy(file("<f8", "(2,)", bytes_of({1.0, 0.0})), "x").values == wanted);
  CHECK(parse_npy(file("<i8", "(2,)", bytes_of<std::int64_t>({1, 0})), "x").values == wanted);
  CHECK(parse_npy(file("|b1", "(2,)", std::string("\1\0", 2)), "x").values == wanted);
  CHECK(parse_npy(file(">i2", "(2,)", std::string("\0\1\0\0", 4)), "x").values == wanted);
  CHECK(parse_npy(file("<f4", "(2,)", bytes_of({1.0f, 0.0f}), false, 2), "x").values == wanted);
  CHECK(parse_npy(file("<f4", "()", bytes_of({4.0f})), "x").values == std::vector<float>{4.0f});
}

TEST_CASE("fortran_order_is_turned_to_rows") {
  const NpyArray array = parse_npy(file("|u1", "(2, 3)", "\1\2\3\4\5\6", true), "x");
  CHECK(array.values == std::vector<float>{1, 3, 5, 2, 4, 6});
}

TEST_CASE("a_damaged_array_is_refused_with_its_name") {
  const std::string good = file("<f4", "(2,)", bytes_of({1.0f, 0.0f}));
  for (std::size_t length = 0; length < good.size(); ++length) {
    const Thrown thrown = thrown_by([&] { parse_npy(good.substr(0, length), "cut.npy"); });
    CHECK(thrown.code == ErrorCode::invalid_argument);
    CHECK(thrown.says("cut.npy"));
  }
  const auto refused = [](const std::string& bytes) {
    return thrown_by([&] { parse_npy(bytes, "x"); }).code == ErrorCode::invalid_argument;
  };
  CHECK(refused(good + "more"));
  CHECK(refused(file("|O", "(2,)", "01234567")));
  CHECK(refused(file("<c8", "(1,)", "01234567")));
  CHECK(refused(file("<f4", "(18446744073709551615, 4)", "01234567")));
  CHECK(refused(file("<f4", "(4294967296, 4294967296)", "")));
  CHECK(refused(file("<f4", "(-2,)", "01234567")));
  CHECK(refused(file("<f4", "no", "01234567")));
  CHECK(thrown_by([] { read_npy("/nonexistent/a.npy"); }).code == ErrorCode::not_found);
  CHECK(thrown_by([] { npy_bytes(std::vector<std::size_t>{3}, std::vector<float>{1.0f}); }).code ==
        ErrorCode::invalid_argument);
}
