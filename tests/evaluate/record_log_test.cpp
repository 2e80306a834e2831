#include "evaluate/record_log.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "studio.hpp"

using namespace soundalike;
using evaluate::RecordLog;

namespace {

PairRecord record_number(std::size_t pair) {
  PairRecord record;
  record.pair = pair;
  record.recording = "a \"quoted\", näme.wav";
  record.group = "g";
  record.truth = {0.1f, 1.0f / 3.0f};
  record.embedding = {1e-30f, -2.5f};
  SystemRecord& system = record.systems.emplace_back();
  system.system = "dry";
  system.distance = 0.1 + 0.2;
  system.raw = {MetricValue::of(M_PI * 1e-5), MetricValue::failed("the target is silent")};
  system.matched = {MetricValue::of(-0.0), MetricValue::of(5e300)};
  system.knobs = {0.7f};
  record.systems.push_back({.system = "rule", .failure = "crashed:\nbadly"});
  return record;
}

}  // namespace

TEST_CASE("a_record_comes_back_from_its_line_with_the_same_bits") {
  const PairRecord record = record_number(3);
  const std::string line = evaluate::to_line(record);
  CHECK(line.find('\n') == std::string::npos);
  const PairRecord again = evaluate::parse_line(line);
  CHECK(evaluate::to_line(again) == line);
  CHECK(again.systems[0].distance == record.systems[0].distance);
  CHECK(again.systems[0].raw[0].value == record.systems[0].raw[0].value);
  CHECK(again.systems[0].raw[1].failure == "the target is silent");
  CHECK(!again.systems[0].raw[1].value);
  CHECK(again.truth == record.truth);
  CHECK(again.models == record.models);
  CHECK(again.systems[1].failure == "crashed:\nbadly");
  CHECK(thrown_by([] { evaluate::parse_line("{\"case\": 1}"); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("a_line_that_was_cut_off_is_dropped_and_the_others_stay") {
  const TempFolder folder;
  const auto file = folder.path() / "records.jsonl";
  {
    RecordLog log(file);
    for (std::size_t i = 0; i < 3; ++i) log.add(record_number(i));
  }
  const auto size = std::filesystem::file_size(file);
  for (const std::size_t cut : {1, 20, 200}) {
    std::filesystem::resize_file(file, size - cut);
    {
      RecordLog log(file);
      CHECK(log.records().size() == 2);
      log.add(record_number(2));
    }
    CHECK(std::filesystem::file_size(file) == size);
    CHECK(RecordLog(file).records().size() == 3);
  }
}

TEST_CASE("a_line_changed_by_hand_is_refused_by_its_number") {
  const TempFolder folder;
  const auto file = folder.path() / "records.jsonl";
  {
    RecordLog log(file);
    for (std::size_t i = 0; i < 2; ++i) log.add(record_number(i));
  }
  std::string text = Studio::text_of(file);
  text.replace(text.rfind("dry"), 3, "our");
  std::ofstream(file) << text;
  const Thrown thrown = thrown_by([&] { RecordLog log(file); });
  CHECK(thrown.code == ErrorCode::invalid_argument);
  CHECK(thrown.says("line 2"));
}
