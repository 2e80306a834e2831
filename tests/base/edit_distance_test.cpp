#include "soundalike/edit_distance.hpp"

#include <doctest/doctest.h>

using soundalike::edit_distance;

TEST_CASE("each_kind_of_edit_counts_once") {
  CHECK(edit_distance("delay", "delay") == 0);
  CHECK(edit_distance("delay", "dealy") == 1);
  CHECK(edit_distance("delay", "delays") == 1);
  CHECK(edit_distance("delay", "dlay") == 1);
  CHECK(edit_distance("delay", "delax") == 1);
  CHECK(edit_distance("", "delay") == 5);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("swapped_letters_are_not_edited_again") {
  // Optimal string alignment: "ca" -> "ac" -> "abc" would edit the swapped pair.
  CHECK(edit_distance("ca", "abc") == 3);
}

TEST_CASE("the_order_of_the_texts_does_not_matter") {
  for (const char* a : {"", "overdrive", "ovredrvie", "reverb"}) {
    for (const char* b : {"overdirve", "r", "verb"}) CHECK(edit_distance(a, b) == edit_distance(b, a));
  }
}
