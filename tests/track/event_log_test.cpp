#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/event_reader.hpp"
#include "soundalike/rng.hpp"
#include "track/fuzz_event.hpp"
#include "track/masked_crc.hpp"
#include "track/message.hpp"

using namespace soundalike;
using track::Message;
namespace fs = std::filesystem;

namespace {

std::vector<LoggedValue> read_all(EventReader& reader) {
  std::vector<LoggedValue> values;
  while (reader.read([&](const LoggedValue& value) { values.push_back(value); }, 1 << 20)) {
  }
  return values;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string record(const std::string& data) {
  std::string head;
  track::append_little_endian(head, static_cast<std::uint64_t>(data.size()));
  std::string bytes = head;
  track::append_little_endian(bytes, track::masked(crc32c(head)));
  bytes += data;
  track::append_little_endian(bytes, track::masked(crc32c(data)));
  return bytes;
}

// A file of three scalars as soundalike writes it.
fs::path three_scalars(const TempFolder& folder) {
  EventFile events(folder.path());
  for (int step = 1; step <= 3; ++step) events.scalar("loss", step, step * 0.5);
  events.flush();
  return events.path();
}

// A value of TensorBoard's second format: a tensor, and the plug-in that knows it.
Message tensor_value(const std::string& tag, const std::string& plugin, const Message& tensor) {
  Message value;
  value.bytes(1, tag);
  if (!plugin.empty()) value.message(9, Message().message(1, Message().bytes(1, plugin)));
  return value.message(8, tensor);
}

Message event_of(const Message& value, std::int64_t step = 3) {
  return Message().number(1, 1.7e9).integer(2, step).message(5, Message().message(1, value));
}

LoggedValue only(const Message& event) {
  std::map<std::string, std::string, std::less<>> plugins;
  const std::string& data = event.text();
  auto values = parse_event(data, 0, plugins);
  REQUIRE(values.size() == 1);
  return values.front();
}

}  // namespace

TEST_CASE("what_an_event_file_was_told_is_read_back") {
  const TempFolder folder;
  EventFile events(folder.path());
  const AudioBuffer sound = sine(440.0, 0.1, 24000.0);
  events.scalar("loss/train", 7, 0.25);
  events.scalar("loss/train", -1, -3.0);
  events.audio("prediction", 8, sound);
  events.histogram("weights", 9, std::vector<float>{0.0f, 1.0f, 1.0f, 4.0f}, 4);
  events.hyperparameters({{"rate", 0.5}, {"fast", true}, {"name", std::string("a b")}});
  events.flush();
  EventReader reader(events.path());
  const auto values = read_all(reader);
  REQUIRE(values.size() == 5);
  CHECK(values[0].tag == "loss/train");
  CHECK(values[0].step == 7);
  CHECK(std::get<double>(values[0].value) == 0.25);
  CHECK(values[0].time > 1.0e9);
  CHECK(values[1].step == -1);
  REQUIRE(values[2].kind == LoggedKind::audio);
  const auto media = std::get<LoggedMedia>(values[2].value);
  CHECK(bytes_of(events.path()).substr(media.offset, 4) == "RIFF");
  CHECK(media.frames == sound.frames());
  CHECK(media.rate == 24000.0);
  const auto histogram = std::get<LoggedHistogram>(values[3].value);
  CHECK(histogram.counts == std::vector<double>{1, 2, 0, 1});
  CHECK(histogram.maximum == 4.0);
  const auto told = std::get<LoggedHyperparameters>(values[4].value);
  CHECK(std::get<double>(told.at("rate")) == 0.5);
  CHECK(std::get<bool>(told.at("fast")));
  CHECK(std::get<std::string>(told.at("name")) == "a b");
  CHECK(reader.problems().empty());
  CHECK(reader.unfinished() == 0);
}

TEST_CASE("tensors_are_read_as_the_plugin_of_their_tag_has_them") {
  const std::string raw(reinterpret_cast<const char*>("\0\0\x20\x40"), 4);  // 2.5 as float
  CHECK(std::get<double>(only(event_of(tensor_value("a", "scalars", Message().integer(1, 1).bytes(4, raw)))).value) ==
        2.5);
  CHECK(std::get<double>(only(event_of(tensor_value("a", "", Message().integer(1, 1).number(5, 1.5f)))).value) == 1.5);
  CHECK(only(event_of(tensor_value("a", "text", Message().integer(1, 7).bytes(8, "hello")))).kind == LoggedKind::text);
  const auto image = only(
      event_of(tensor_value("a", "images", Message().integer(1, 7).bytes(8, "20").bytes(8, "10").bytes(8, "png"))));
  REQUIRE(image.kind == LoggedKind::image);
  CHECK(std::get<LoggedMedia>(image.value).width == 20);
  CHECK(only(event_of(tensor_value("a", "audio", Message().integer(1, 7).bytes(8, "wav")))).kind == LoggedKind::audio);
  const std::vector<double> buckets{0.0, 1.0, 5.0, 1.0, 2.0, 7.0};
  const auto histogram = only(event_of(tensor_value("a", "histograms", Message().integer(1, 2).packed(6, buckets))));
  CHECK(std::get<LoggedHistogram>(histogram.value).counts == std::vector<double>{5.0, 7.0});
  const auto other = only(event_of(tensor_value("a", "pr_curves", Message().integer(1, 2).packed(6, buckets))));
  CHECK(other.kind == LoggedKind::other);  // named, not dropped
  CHECK(std::get<LoggedOther>(other.value).what.find("pr_curves") != std::string::npos);
}

TEST_CASE("the_plugin_of_a_tag_is_told_once") {
  std::map<std::string, std::string, std::less<>> plugins;
  const Message text = Message().integer(1, 7).bytes(8, "20").bytes(8, "10").bytes(8, "png");
  parse_event(event_of(tensor_value("a", "images", text)).text(), 0, plugins);
  const auto later = parse_event(event_of(tensor_value("a", "", text)).text(), 0, plugins);
  CHECK(later.front().kind == LoggedKind::image);
}

TEST_CASE("a_file_that_is_being_written_is_read_on_where_it_ended") {
  const TempFolder folder;
  const std::string whole = bytes_of(three_scalars(folder));
  const fs::path growing = folder / "events.out.tfevents.2";
  EventReader reader(growing);
  std::size_t values = 0;
  for (std::size_t size = 0; size <= whole.size(); size += 5) {
    write_bytes(growing, whole.substr(0, size));
    while (reader.read([&](const LoggedValue&) { ++values; }, 1 << 20)) {
    }
    CHECK(reader.position() + reader.unfinished() == size);
  }
  write_bytes(growing, whole);
  values += read_all(reader).size();
  CHECK(values == 3);
  CHECK(reader.unfinished() == 0);
  CHECK(reader.problems().empty());
}

TEST_CASE("a_damaged_record_costs_itself_alone_and_is_told") {
  const TempFolder folder;
  const fs::path file = three_scalars(folder);
  std::string bytes = bytes_of(file);
  EventReader whole(file);
  CHECK(read_all(whole).size() == 3);
  const std::size_t last = bytes.size() - 8;
  bytes[last] = static_cast<char>(bytes[last] ^ 1);
  write_bytes(file, bytes + record(event_of(Message().bytes(1, "late").number(2, 1.0f)).text()));
  EventReader reader(file);
  const auto values = read_all(reader);
  REQUIRE(values.size() == 3);
  CHECK(values.back().tag == "late");
  REQUIRE(reader.problems().size() == 1);
  CHECK(reader.problems()[0].find("damaged") != std::string::npos);
}

TEST_CASE("behind_a_damaged_length_nothing_is_made_up") {
  const TempFolder folder;
  const fs::path file = three_scalars(folder);
  std::string bytes = bytes_of(file);
  bytes[1] = 1;  // of the first record
  write_bytes(file, bytes);
  EventReader reader(file);
  CHECK(read_all(reader).empty());
  CHECK(reader.problems().size() == 1);
  CHECK(read_all(reader).empty());
  CHECK(reader.problems().size() == 1);
}

TEST_CASE("damaged_events_never_do_more_than_throw") {
  std::vector<std::string> seeds{
      event_of(Message().bytes(1, "loss").number(2, 0.5f)).text(),
      event_of(tensor_value("a", "histograms", Message().integer(1, 2).packed(6, std::vector<double>{0, 1, 5}))).text(),
      event_of(tensor_value("a", "images", Message().bytes(8, "20").bytes(8, "10").bytes(8, "png"))).text(),
      Message().number(1, 1.0).integer(2, 5).message(7, Message().integer(1, 1)).text()};
  Rng rng(1);
  int alive = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string damaged = seeds[rng.below(seeds.size())];
    for (std::uint64_t hit = 0; hit <= rng.below(4); ++hit) {
      damaged[rng.below(damaged.size())] = static_cast<char>(rng.below(256));
      if (rng.below(8) == 0) damaged.resize(1 + rng.below(damaged.size()));
    }
    alive += fuzz_event(damaged) ? 1 : 0;
  }
  CHECK(alive > 1000);  // not all of it is thrown away at once
}
