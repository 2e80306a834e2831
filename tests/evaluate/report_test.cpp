#include "soundalike/evaluation_report.hpp"

#include <doctest/doctest.h>

#include "studio.hpp"

using namespace soundalike;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

}  // namespace

TEST_CASE("the_page_needs_nothing_from_outside_and_shows_every_number") {
  Studio studio;
  studio.protocol.title = "<b>Bold & \"quoted\"";
  studio.protocol.systems = {"dry", "random", "middle"};
  studio.protocol.examples = 1;
  studio.protocol.outside = {{"broken", "exit 9 # {output}", {}, 20.0}};
  studio.run("run");
  const std::string page = Studio::text_of(studio.path("run/report.html"));
  CHECK(page.find("<b>Bold") == std::string::npos);
  CHECK(page.find("&lt;b&gt;Bold &amp; &quot;quoted&quot;") != std::string::npos);
  CHECK(count_of(page, "http:") == count_of(page, "xmlns=\"http:"));  // the name of SVG, not an address
  CHECK(page.find("https:") == std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<link") == std::string::npos);
  CHECK(count_of(page, "src=\"") == count_of(page, "src=\"data:"));
  CHECK(count_of(page, "<audio ") == 6);  // input, reference, target; dry, random, middle; the broken one has none
  CHECK(count_of(page, "data:image/png;base64,iVBOR") == 1);
  CHECK(count_of(page, "<svg") == 1);  // one case, one plotted metric
  CHECK(page.find("3 failed") != std::string::npos);
  CHECK(page.find("it ended with status 9") != std::string::npos);
  CHECK(page.find("color-scheme: light dark") != std::string::npos);
  CHECK(page.find("3 outputs are missing, and 0 numbers") != std::string::npos);
  CHECK(page.find("href=\"#m1\"") != std::string::npos);  // every measure in one table, with its section
  CHECK(page.find("id=\"m1\"") != std::string::npos);
}

TEST_CASE("the_page_shows_what_failed_in_one_row_and_no_column_for_who_was_not_there") {
  Studio studio;
  studio.protocol.systems = {"dry", "middle", "predict"};  // no controller: nobody predicts
  studio.protocol.metrics = {"mrstft", "stereo-width-error"};
  studio.run("run");
  const std::string page = Studio::text_of(studio.path("run/report.html"));
  CHECK(count_of(page, ">predict</th>") == 0);
  CHECK(page.find("0 outputs are missing, and 6 numbers could not be computed") != std::string::npos);
  CHECK(count_of(page, "stereo-width-error: it takes 2 channels, and these recordings have 1") == 1);
}

TEST_CASE("tables_of_numbers_are_tidy_one_row_each") {
  Studio studio;
  const Evaluation evaluation = studio.evaluate();
  const std::string csv = to_csv(evaluation);
  // Per pair: kept-dry, style-distance, and two metrics at two levels; dry sets no knobs.
  CHECK(count_of(csv, "\n") == 1 + 3 * (2 + 2 * 2));
  CHECK(csv.starts_with("case,made_with,pair,recording,group,system,metric,levels,value,failure\n"));
}
