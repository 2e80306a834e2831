#include "soundalike/picture.hpp"

#include <doctest/doctest.h>
#include <png.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <numbers>

#include "fixtures/temp_folder.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;

namespace {

AudioBuffer sine(double hz, double seconds, double rate, std::size_t channels = 1) {
  AudioBuffer out(channels, static_cast<std::size_t>(seconds * rate), SampleRate{rate});
  for (std::size_t c = 0; c < channels; ++c) {
    for (std::size_t i = 0; i < out.frames(); ++i) {
      out.channel(c)[i] = static_cast<float>(0.5 * std::sin(2.0 * std::numbers::pi * hz * double(i) / rate));
    }
  }
  return out;
}

std::string bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Picture {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<unsigned char> pixels;
  const unsigned char* at(std::size_t x, std::size_t y) const { return pixels.data() + 3 * (y * width + x); }
  bool is_yellow(std::size_t x, std::size_t y) const {
    return at(x, y)[0] > 200 && at(x, y)[1] > 200 && at(x, y)[2] < 80;
  }
};

Picture read_picture(const std::filesystem::path& path) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_file(&image, path.c_str()) != 0);
  image.format = PNG_FORMAT_RGB;
  Picture out{image.width, image.height, std::vector<unsigned char>(PNG_IMAGE_SIZE(image))};
  REQUIRE(png_image_finish_read(&image, nullptr, out.pixels.data(), 0, nullptr) != 0);
  return out;
}

/// Yellow pixels in a column, from the top.
std::vector<std::size_t> yellow_in_column(const Picture& picture, std::size_t x) {
  std::vector<std::size_t> out;
  for (std::size_t y = 0; y < picture.height; ++y) {
    if (picture.is_yellow(x, y)) out.push_back(y);
  }
  return out;
}

}  // namespace

TEST_CASE("picture_shows_each_sine_once_per_row_higher_notes_higher") {
  const TempFolder folder;
  const auto path = folder.path() / "rows.png";
  const AudioBuffer low = sine(300.0, 1.0, 24000.0);
  const AudioBuffer high = sine(5000.0, 1.0, 24000.0);
  write_spectrogram_picture(path, {{"low", low}, {"high", high}});
  const Picture picture = read_picture(path);
  CHECK(picture.width == 1200);
  CHECK(picture.height > 500);
  const auto lines = yellow_in_column(picture, 600);
  REQUIRE(lines.size() >= 2);
  const std::size_t pitch = 308;  // from one row's top to the next's
  const std::size_t below_top_of_low = lines.front() - 46;
  const std::size_t below_top_of_high = lines.back() - 46 - pitch;
  CHECK(below_top_of_low > 200);
  CHECK(below_top_of_low < 260);
  CHECK(below_top_of_high > 40);
  CHECK(below_top_of_high < 110);
}

TEST_CASE("same_recordings_give_the_same_bytes") {
  const TempFolder folder;
  const AudioBuffer audio = sine(440.0, 0.5, 44100.0, 2);
  write_spectrogram_picture(folder.path() / "a.png", {{"one", audio}});
  write_spectrogram_picture(folder.path() / "b.png", {{"one", audio}});
  CHECK(bytes(folder.path() / "a.png") == bytes(folder.path() / "b.png"));
  write_spectrogram_picture(folder.path() / "b.png", {{"two", audio}});
  CHECK(bytes(folder.path() / "a.png") != bytes(folder.path() / "b.png"));
}

TEST_CASE("recordings_of_other_lengths_and_rates_share_the_axes") {
  const TempFolder folder;
  const auto path = folder.path() / "mixed.png";
  const AudioBuffer whole = sine(1000.0, 2.0, 48000.0, 2);
  const AudioBuffer half = sine(1000.0, 1.0, 8000.0);
  write_spectrogram_picture(path, {{"whole", whole}, {"half", half}});
  const Picture picture = read_picture(path);
  const auto early = yellow_in_column(picture, 300);
  const auto late = yellow_in_column(picture, 900);
  CHECK(early.front() == late.front());
  CHECK(early.back() - early.front() > 290);  // in both rows
  CHECK(late.back() - late.front() < 20);     // the second has ended
}

TEST_CASE("silence_one_frame_and_many_rows_give_pictures") {
  const TempFolder folder;
  const AudioBuffer silence(1, 24000, SampleRate{24000});
  write_spectrogram_picture(folder.path() / "silence.png", {{"silence", silence}});
  CHECK(yellow_in_column(read_picture(folder.path() / "silence.png"), 600).empty());
  const AudioBuffer frame(2, 1, SampleRate{4000});
  write_spectrogram_picture(folder.path() / "frame.png", {{"", frame}});
  CHECK(read_picture(folder.path() / "frame.png").width == 1200);
  write_spectrogram_picture(folder.path() / "many.png",
                            std::vector<SpectrogramRow>(9, {std::string(400, 'm'), silence}));
  CHECK(read_picture(folder.path() / "many.png").height > 9 * 150);
}

TEST_CASE("what_cannot_be_drawn_or_written_is_refused") {
  const TempFolder folder;
  const AudioBuffer audio = sine(440.0, 0.1, 24000.0);
  CHECK_THROWS_AS(write_spectrogram_picture(folder.path() / "x.png", {}), Error);
  CHECK_THROWS_AS(write_spectrogram_picture(folder.path() / "x.png", {{"empty", AudioView{}}}), Error);
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THROWS_AS(write_spectrogram_picture(folder.path() / "no" / "such" / "x.png", {{"x", audio}}), Error);
}
