// The command line knows encoders by name without linking torch: the same names as the networks'.
#include <doctest/doctest.h>

#include <algorithm>

#include "catalogue.hpp"
#include "soundalike/encoder_network.hpp"

using namespace soundalike;

TEST_CASE("the_command_line_offers_every_encoder_there_is") {
  const cli::Command* command = cli::find_command("train encoder");
  REQUIRE(command != nullptr);
  const auto model = std::ranges::find(command->options, "model", &cli::Option::name);
  REQUIRE(model != command->options.end());
  Words known;
  for (const EncoderKind& kind : encoder_kinds()) known.push_back(kind.name);
  Words offered = model->choices();
  std::ranges::sort(known);
  std::ranges::sort(offered);
  CHECK(offered == known);
}
