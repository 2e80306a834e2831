#include "soundalike/suggest.hpp"

#include <doctest/doctest.h>

using namespace soundalike;

TEST_CASE("nearest_finds_what_was_meant_and_nothing_else") {
  CHECK(nearest("effcets", {"effects", "distance"}) == "effects");
  CHECK(nearest("bdget", {"budget", "gadget"}) == "budget");
  CHECK(nearest("HELP", {"help", "quiet"}) == "help");
  CHECK(nearest("dist", {"effects", "distance"}) == "distance");
  CHECK(nearest("fsh", {"zsh", "fish"}) == "fish");
  CHECK(nearest("xylophone", {"effects", "distance"}).empty());
  CHECK(nearest("", {"effects"}).empty());
}
