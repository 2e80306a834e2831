#include <doctest/doctest.h>
#include <png.h>

#include <fstream>
#include <iterator>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/picture.hpp"

using namespace soundalike;

TEST_CASE("image_picture_shows_a_bright_cell_in_its_place") {
  const TempFolder folder;
  SpectrogramImage image{4, 2, {0, 0, 0, 0, 0, 1, 0, 0}};  // frame 2, upper bin
  write_image_picture(folder / "one.png", {{"a cell", image}});
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_file(&png, (folder / "one.png").c_str()) != 0);
  png.format = PNG_FORMAT_RGB;
  std::vector<unsigned char> pixels(PNG_IMAGE_SIZE(png));
  REQUIRE(png_image_finish_read(&png, nullptr, pixels.data(), 0, nullptr) != 0);
  CHECK(png.width == 1200);
  const auto is_yellow = [&](std::size_t x, std::size_t y) {
    const unsigned char* at = pixels.data() + 3 * (y * png.width + x);
    return at[0] > 200 && at[1] > 200 && at[2] < 80;
  };
  CHECK(is_yellow(16 + 730, 32 + 64));         // third quarter, upper half
  CHECK_FALSE(is_yellow(16 + 730, 32 + 192));  // below it
  CHECK_FALSE(is_yellow(16 + 440, 32 + 64));   // before it
  CHECK_FALSE(is_yellow(16 + 1020, 32 + 64));  // after it
}

TEST_CASE("images_that_do_not_fit_their_size_are_not_drawn") {
  const TempFolder folder;
  CHECK(thrown_by([&] { write_image_picture(folder / "none.png", {}); }).says("no images"));
  CHECK(thrown_by([&] { write_image_picture(folder / "bad.png", {{"x", {2, 2, {1.0f}}}}); }).says("1 values"));
  CHECK(folder.entries() == 0);
}
