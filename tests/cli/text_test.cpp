#include "text.hpp"

#include <doctest/doctest.h>

#include "table.hpp"

namespace soundalike::cli {

TEST_CASE("width_counts_columns_and_not_bytes") {
  CHECK(display_width("Drive") == 5);
  CHECK(display_width("Größe") == 5);
  CHECK(display_width("e\u0301") == 1);       // combining acute
  CHECK(display_width("\u30ab\u30d5") == 4);  // two katakana
  CHECK(display_width("\xff\xfe") == 2);      // not UTF-8
  CHECK(display_width("\xe3\x82") == 2);      // cut off
}

TEST_CASE("shortening_keeps_characters_whole") {
  CHECK(shorten("Größe", 5) == "Größe");
  CHECK(shorten("Größer", 4) == "Grö…");
  CHECK(shorten("\u30ab\u30d5\u30ab", 4) == "\u30ab…");
  CHECK(shorten("abc", 0) == "");
}

TEST_CASE("wrapping_keeps_paragraphs_and_never_breaks_words") {
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("extraordinary", 4) == std::vector<std::string>{"extraordinary"});
  CHECK(wrap("a\nb\n\nc", 10) == std::vector<std::string>{"a b", "", "c"});
}

TEST_CASE("columns_of_a_table_align_by_display_width") {
  Table table({{"knob"}, {"value", true}});
  table.add({"Größe", "1"});
  table.add({"Mix", "100"});
  CHECK(table.text() == "knob   value\nGröße      1\nMix      100\n");
}

TEST_CASE("a_table_shortens_only_flexible_columns") {
  Table table({{"name", false, true}, {"class"}});
  table.add({"a name that is very long", "Distortion"});
  CHECK(table.text(24) == "name          class\na name that…  Distortion\n");
  CHECK(table.text(5).find("Distortion") != std::string::npos);
}

TEST_CASE("columns_without_content_are_left_out") {
  Table table({{"knob"}, {"why"}, {"value"}});
  table.add({"Mix", "", "1"});
  CHECK(table.text() == "knob  value\nMix   1\n");
  CHECK(Table({{"knob"}, {"why"}}).text() == "knob  why\n");
}

}  // namespace soundalike::cli
