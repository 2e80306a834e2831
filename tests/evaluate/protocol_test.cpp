#include "soundalike/protocol.hpp"

#include <doctest/doctest.h>

#include <string>

#include "fixtures/errors.hpp"
#include "soundalike/metric.hpp"
#include "soundalike/vector_metric.hpp"

using namespace soundalike;

namespace {

const std::string least = "[data]\nfolders = 'music'\n[[case]]\neffect = 'MDA Delay'\n";

Protocol parsed(const std::string& text) { return parse_protocol(text, "mine.toml", "/here"); }

}  // namespace

TEST_CASE("a_protocol_says_what_it_says_and_defaults_hold_for_the_rest") {
  const Protocol protocol = parsed(
      "title = 'T'\nseed = 7\npairs = 9\nexamples = 2\nsystems = ['oracle', 'dry']\nmetrics = 'mrstft'\n"
      "[data]\nfolders = ['speech', '/else/music']\npairs_from = 'other'\nmaximum_seconds = 3\n"
      "[match]\nbudget = 11\ninit = 'random'\ndecide = 'nearest'\n"
      "[[case]]\neffect = ['builtin:eq', 'builtin:compressor']\nname = 'chain'\n"
      "[[case]]\neffect = 'A'\nmade_with = 'B'\n"
      "[[outside]]\nname = 'theirs'\ncommand = 'do {input} {reference} {output}'\n"
      "[[outside]]\nname = 'stored'\noutputs = 'out'\n");
  CHECK(protocol.seed == 7);
  CHECK(protocol.data == std::vector<std::filesystem::path>{"/here/speech", "/else/music"});
  CHECK(protocol.pairing == Pairing::other);
  CHECK(protocol.split == Split::test);
  CHECK(protocol.held_out);
  CHECK(protocol.match.budget == 11);
  CHECK(protocol.match.start == Start::random);
  CHECK(protocol.match.decision == Decision::nearest);
  CHECK(protocol.cases[0].effect == std::vector<std::string>{"builtin:eq", "builtin:compressor"});
  CHECK(protocol.cases[1].made_with == std::vector<std::string>{"B"});
  CHECK(protocol.outside[1].outputs == "/here/out");
  CHECK(system_names(protocol) == std::vector<std::string>{"dry", "oracle", "theirs", "stored"});
  CHECK(metric_names(protocol) == std::vector<std::string>{"mrstft"});
  CHECK(system_names(parsed(least)).size() == evaluated_systems().size());
  CHECK(metric_names(parsed(least)).size() == metrics().size());
}

TEST_CASE("mistakes_in_a_protocol_are_refused_with_line_and_the_nearest_name") {
  const auto refused = [](const std::string& text, const std::string& line, const std::string& why) {
    CAPTURE(text);
    const Thrown thrown = thrown_by([&] { parsed(text); });
    CAPTURE(thrown.message);
    CHECK(thrown.code == ErrorCode::invalid_argument);
    CHECK(thrown.says("mine.toml"));
    CHECK(thrown.says("line " + line));
    CHECK(thrown.says(why));
  };
  refused("paris = 3\n" + least, "1", "did you mean 'pairs'?");
  refused("pairs = 0\n" + least, "1", "whole number from 1");
  refused("pairs = 'many'\n" + least, "1", "whole number");
  refused("systems = ['dry', 'orcale']\n" + least, "1", "did you mean 'oracle'?");
  refused("metrics = 'mrsft'\n" + least, "1", "mrstft");
  refused("metrics = ['mrstft', 'pesq']\n" + least, "1", "'pesq' needs the key 'pesq_command'");
  refused("metrics = 'embedding-distance'\n" + least, "1", "needs the key 'encoder'");
  refused("pesq_command = 'pesq {output}'\n" + least, "1", "{target}");
  refused(least + "[match]\nbuget = 3\n", "6", "did you mean 'budget'?");
  refused(least + "[match]\ndistance = 'styl'\n", "6", "did you mean 'style'?");
  refused("[data]\nfolders = 'x'\nsplit = 'tests'\n", "3", "did you mean 'test'?");
  refused("[data]\nfolders = 'x'\n", "1", "no [[case]]");
  refused(least + "[[case]]\nname = 'x'\n", "5", "names its effect");
  refused(least + "[[case]]\neffect = 'x'\nname = '../x'\n", "7", "folder");
  refused(least + "[[outside]]\nname = 'x'\n", "5", "either a command or a folder");
  refused(least + "[[outside]]\nname = 'x'\ncommand = 'cp {input}'\n", "7", "{output}");
  refused(least + "[[outside]]\nname = 'dry'\noutputs = 'o'\n", "1", "two systems are called 'dry'");
  refused(least + "pairs 3", "5", "");
  CHECK(thrown_by([] { read_protocol("/nowhere/mine.toml"); }).code == ErrorCode::not_found);
}

TEST_CASE("every_metric_there_is_can_be_named") {
  std::string names = "'pesq'";
  for (const Metric* metric : metrics()) names += ", '" + std::string(metric->name) + "'";
  for (const VectorMetric* metric : vector_metrics()) names += ", '" + std::string(metric->name) + "'";
  const std::string tools = "pesq_command = 'pesq'\nencoder = 'style-encoder'\n";
  const auto all = metric_names(parsed("metrics = [" + names + "]\n" + tools + least));
  CHECK(all.size() == metrics().size() + 1);
  CHECK(all.back() == "pesq");
  CHECK(metric_names(parsed(tools + least)) == all);
  CHECK(metric_names(parsed("metrics = 'esr'\n" + tools + least)) == std::vector<std::string>{"esr"});
}

TEST_CASE("a_run_remembers_its_protocol_by_content_and_not_by_place") {
  const Protocol here = parse_protocol(least, "a", "/here");
  const Protocol there = parse_protocol(least, "b", "/there");
  CHECK(to_json(here) == to_json(there));
  CHECK(to_json(here) != to_json(parsed("seed = 1\npairs = 3\n" + least)));
}
