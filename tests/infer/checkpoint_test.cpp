#include "soundalike/checkpoint.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "infer/examples.hpp"
#include "soundalike/network.hpp"
#include "soundalike/sha256.hpp"

using namespace soundalike;

namespace {

void check_equal(const Checkpoint& a, const Checkpoint& b) {
  CHECK(a.kind == b.kind);
  CHECK(a.name == b.name);
  CHECK(a.program_version == b.program_version);
  CHECK(a.seed == b.seed);
  CHECK(a.front_end == b.front_end);
  CHECK(a.effects == b.effects);
  CHECK(a.needs == b.needs);
  CHECK(a.blocks == b.blocks);
  CHECK(a.metadata == b.metadata);
  CHECK(a.tensors == b.tensors);
}

// The file with its header's JSON changed, its lengths and digest made right again.
std::string with_header(const std::string& bytes, const std::string& from, const std::string& to) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data() + 8, 8);
  std::string json = bytes.substr(16, length);
  const auto at = json.find(from);
  REQUIRE(at != std::string::npos);
  json.replace(at, from.size(), to);
  json.erase(json.find_last_not_of(' ') + 1);
  json.append((64 - (16 + json.size()) % 64) % 64, ' ');
  length = json.size();
  std::string out = bytes.substr(0, 8) + std::string(8, '\0') + json;
  std::memcpy(out.data() + 8, &length, 8);
  std::uint64_t old_length = 0;
  std::memcpy(&old_length, bytes.data() + 8, 8);
  out += bytes.substr(16 + old_length, bytes.size() - 16 - old_length - 32);
  Sha256 sum;
  sum.add(out);
  const auto digest = sum.finish();
  return out.append(digest.begin(), digest.end());
}

Thrown parsing(const std::string& bytes) {
  return thrown_by([&] { parse_checkpoint(bytes, "x.salmodel"); });
}

}  // namespace

TEST_CASE("a_checkpoint_reads_back_as_it_was") {
  const TempFolder folder;
  const Checkpoint checkpoint = example_checkpoint();
  const std::string digest = write_checkpoint(folder / "a.salmodel", checkpoint);
  const Checkpoint again = read_checkpoint(folder / "a.salmodel");
  check_equal(again, checkpoint);
  CHECK(again.digest == digest);
  CHECK(serialise(again) == serialise(checkpoint));
  CHECK(folder.entries() == 1);
}

TEST_CASE("an_outline_has_all_but_the_numbers") {
  const TempFolder folder;
  Checkpoint checkpoint = example_checkpoint();
  const std::string digest = write_checkpoint(folder / "a.salmodel", checkpoint);
  for (auto& [name, tensor] : checkpoint.tensors) tensor.bytes.clear();
  const Checkpoint outline = read_checkpoint_outline(folder / "a.salmodel");
  check_equal(outline, checkpoint);
  CHECK(outline.digest == digest);
}

TEST_CASE("any_tensor_of_a_training_run_keeps_its_bits") {
  Checkpoint state{.kind = "training", .name = "run"};
  state.tensors["step"] = {NumberType::i64, {}, std::vector<std::byte>(8, std::byte{3})};
  state.tensors["rng"] = {NumberType::u8, {5}, std::vector<std::byte>(5, std::byte{255})};
  state.tensors["best"] = {NumberType::f64, {1}, std::vector<std::byte>(8, std::byte{0x7f})};
  state.tensors["nothing"] = {NumberType::f32, {0, 4}, {}};
  const Checkpoint again = parse_checkpoint(serialise(state), "run");
  CHECK(again.tensors == state.tensors);
}

TEST_CASE("half_precision_is_exact_where_it_can_be_and_rounds_to_nearest") {
  // All halves but NaN, as floats, through f16 and back.
  std::vector<float> all;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const StoredTensor one{NumberType::f16, {1}, {std::byte(bits & 255u), std::byte(bits >> 8)}};
    const float value = one.floats()[0];
    if (std::isfinite(value)) all.push_back(value);
  }
  CHECK(all.size() == 2 * 31 * 1024);
  CHECK(StoredTensor::of({all.size()}, all, NumberType::f16).floats() == all);
  CHECK(all[1] == std::ldexp(1.0f, -24));
  const std::vector<float> between{1.0f + 1.0f / 2048.0f, 1.0f + 3.0f / 2048.0f, -65519.0f, 1e-9f};
  CHECK(StoredTensor::of({4}, between, NumberType::f16).floats() ==
        std::vector<float>{1.0f, 1.0f + 2.0f / 1024.0f, -65504.0f, 0.0f});
  CHECK(thrown_by([] { StoredTensor::of({1}, std::vector{65520.0f}, NumberType::f16); }).says("65504"));
}

TEST_CASE("every_cut_is_found") {
  const std::string bytes = serialise(example_checkpoint());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto thrown = parsing(bytes.substr(0, size));
    CAPTURE(size);
    REQUIRE(thrown.code == ErrorCode::invalid_argument);
    REQUIRE(thrown.says("x.salmodel"));
    REQUIRE(thrown.says(size == 0 ? "empty" : "cut off"));
  }
  CHECK(parsing(bytes + "more").says("4 bytes follow its end"));
}

TEST_CASE("every_changed_bit_is_found") {
  const std::string bytes = serialise(example_checkpoint());
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    CAPTURE(at);
    REQUIRE(parsing(damaged).code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("other_files_and_versions_are_told_apart") {
  std::string bytes = serialise(example_checkpoint());
  CHECK(parsing("RIFF....WAVEfmt ................").says("it is not a checkpoint"));
  CHECK(parsing(std::string(100, '\0')).says("it is not a checkpoint"));
  bytes.replace(6, 2, "02");
  CHECK(parsing(bytes).says("it has format version 02, this program reads 01"));
}

TEST_CASE("a_header_that_lies_is_refused_with_its_lie") {
  const std::string good = serialise(example_checkpoint());
  CHECK(parsing(with_header(good, R"("seed":7)", R"("seed":8)")).code == std::nullopt);  // the fixture itself works

  std::string huge = good;
  huge.replace(8, 8, std::string(8, '\xff'));
  CHECK(parsing(huge).says("it says that its header has 18446744073709551615 bytes"));
  CHECK(parsing(with_header(good, R"("shape":[4])", R"("shape":[4000000000000])")).says("does not lie in the"));
  CHECK(parsing(with_header(good, R"("shape":[4])", R"("shape":[4294967296,4294967296])")).says("does not lie in"));
  CHECK(parsing(with_header(good, R"("shape":[3])", R"("shape":[3,1,1,1,1,1,1,1,1])")).says("a shorter list"));
  CHECK(parsing(with_header(good, R"("shape":[3])", R"("shape":[-3])")).says("a list of whole numbers"));
  CHECK(parsing(with_header(good, R"("offset":64)", R"("offset":0)")).says("overlap"));
  CHECK(parsing(with_header(good, R"("offset":64)", R"("offset":65)")).says("does not lie"));
  CHECK(parsing(with_header(good, R"("offset":64)", R"("offset":18446744073709551552)")).says("does not lie"));
  CHECK(parsing(with_header(good, R"("type":"f16")", R"("type":"i4")")).says("type 'i4'; known are"));
  CHECK(parsing(with_header(good, R"("kind":"encoder")", R"("kind":17)")).says("'kind' is 17, expected a text"));
  CHECK(parsing(with_header(good, R"("seed":7)", R"("sead":7)")).says("unknown 'sead'"));
  CHECK(parsing(with_header(good, R"("seed":7)", R"("seed":7,"seed":8)")).says("'seed' stands there twice"));
  CHECK(parsing(with_header(good, R"("seed":7)", R"("seed":-7)")).says("'seed' is -7"));
  CHECK(parsing(with_header(good, R"("data_bytes":)", R"("data_bytes":9)")).says("cut off"));
  CHECK(parsing(with_header(good, R"("metadata":{)", R"("metadata":)" + std::string(60000, '['))).says("deep"));
  CHECK(parsing(with_header(good, R"("seed":7)", R"("seed")")).says("not JSON"));
  CHECK(parsing(with_header(good, R"("stride":[2,1])", R"("stride":["2"])")).says("option 'stride' is not numbers"));
}

TEST_CASE("what_cannot_be_stored_is_refused_before_a_file_is_touched") {
  const TempFolder folder;
  Checkpoint checkpoint = example_checkpoint();
  checkpoint.metadata = "[1]";
  CHECK(thrown_by([&] { write_checkpoint(folder / "a", checkpoint); }).says("metadata"));
  checkpoint = example_checkpoint();
  checkpoint.tensors["fc.bias"].bytes.pop_back();
  CHECK(thrown_by([&] { write_checkpoint(folder / "a", checkpoint); }).says("fc.bias"));
  CHECK(folder.entries() == 0);
}

TEST_CASE("files_that_cannot_be_read_are_named") {
  const TempFolder folder;
  CHECK(thrown_by([&] { read_checkpoint(folder / "none"); }).code == ErrorCode::not_found);
  CHECK(thrown_by([&] { read_checkpoint(folder.path()); }).says("it is a folder"));
  CHECK(thrown_by([&] { read_checkpoint_outline(folder.touch("empty")); }).says("it is empty"));
}
