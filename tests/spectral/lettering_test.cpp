#include "spectral/lettering.hpp"

#include <doctest/doctest.h>

#include <set>

#include "spectral/glyphs.hpp"

using namespace soundalike;

TEST_CASE("every_printable_character_has_a_shape_of_its_own") {
  const Lettering text{12.0f, 1.5f, {0, 0, 0}};
  std::set<std::string> pictures;
  for (char c = '!'; c <= '~'; ++c) {
    Canvas canvas(40, 30, {255, 255, 255});
    text.draw(canvas, 8.0f, 20.0f, std::string(1, c));
    CHECK_MESSAGE(pictures.insert(canvas.png()).second, "drawn like another: ", std::string(1, c));
  }
  CHECK(!pictures.contains(Canvas(40, 30, {255, 255, 255}).png()));
}

TEST_CASE("strokes_stay_inside_the_width_of_their_glyph") {
  for (char32_t c = ' '; c <= 0x7f; ++c) {
    CAPTURE(c);
    for (const auto& stroke : glyph(c).strokes) {
      CHECK(stroke.size() >= 2);
      for (const Point p : stroke) {
        CHECK(p.x >= -0.6f);
        CHECK(p.x <= glyph(c).width + 0.6f);
        CHECK(p.y >= -5.0f);
        CHECK(p.y <= 18.0f);
      }
    }
  }
}

TEST_CASE("shortened_text_fits_and_keeps_whole_characters") {
  const Lettering text{12.0f, 1.5f, {0, 0, 0}};
  CHECK(text.shortened("short", 500.0f) == "short");
  const std::string umlauts =
      "a\xc3\xa4o\xc3\xb6u\xc3\xbc"
      "a\xc3\xa4o\xc3\xb6u\xc3\xbc";
  for (float room = 40.0f; room < text.width(umlauts); room += 3.0f) {
    const std::string cut = text.shortened(umlauts, room);
    CHECK(text.width(cut) <= room);
    CHECK(cut.ends_with("..."));
    const std::string kept = cut.substr(0, cut.size() - 3);
    CHECK(umlauts.starts_with(kept));
    CHECK((static_cast<unsigned char>(umlauts[kept.size()]) & 0xc0) != 0x80);
  }
  CHECK(text.width("") == 0.0f);
  CHECK(text.width("\xc3\xa4") == text.width("\xe2\x82\xac"));  // one box each
}
