#include "soundalike/predictor.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <fstream>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/temp_folder.hpp"
#include "infer/examples.hpp"

using namespace soundalike;

namespace {

/// The environment variable as `value` for a scope.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    const char* old = getenv(name);
    if (old != nullptr) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { old_.empty() ? unsetenv(name_) : setenv(name_, old_.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::string old_;
};

Checkpoint style_encoder(std::uint64_t seed) {
  Checkpoint out{.kind = "encoder", .name = "small", .front_end = style_front_end()};
  out.blocks["encode"] = {{64}, {{.kind = "linear", .name = "fc"}, {.kind = "tanh"}}};
  add_tensor(out, "fc.weight", {8, 64}, seed);
  return out;
}

Checkpoint controller_of(const std::string& effect, const std::string& encoder_digest) {
  Checkpoint out{.kind = "controller", .name = "of-" + effect};
  out.effects = {{effect, "X", "1", {"a"}, {{"a", 0, 0.0f, 1.0f}}}};
  out.needs = {{"encoder", "small", encoder_digest}};
  out.blocks["predict"] = {{16}, {{.kind = "linear", .name = "fc"}}};
  add_tensor(out, "fc.weight", {2, 16}, 3);
  return out;
}

}  // namespace

TEST_CASE("a_controller_is_found_by_its_effects_and_brings_its_encoder") {
  const TempFolder folder;
  const Environment models("SOUNDALIKE_MODELS", folder.path());
  write_checkpoint(folder / "a.salmodel", style_encoder(2));  // another one of the same name
  const std::string digest = write_checkpoint(folder / "e.salmodel", style_encoder(1));
  write_checkpoint(folder / "x.salmodel", controller_of("lv2:urn:test:x", digest));
  folder.touch("notes.txt");

  CHECK(!find_predictor(std::vector<std::string>{"lv2:urn:test:y"}));
  CHECK(!find_predictor(std::vector<std::string>{"lv2:urn:test:x", "lv2:urn:test:x"}));
  const auto predictor = find_predictor(std::vector<std::string>{"lv2:urn:test:x"});
  REQUIRE(predictor);
  CHECK(predictor->encoder().digest() == digest);

  const AudioBuffer a = noise(24000, 24000.0);
  const AudioBuffer b = sine(440.0, 1.0, 44100.0, 2);
  const Encoder encoder(read_checkpoint(folder / "e.salmodel"));
  const Controller controller(read_checkpoint(folder / "x.salmodel"));
  const auto expected = controller.predict(encoder.encode(a), encoder.encode(b));
  CHECK(predictor->predict(a, b)[0].setting == expected[0].setting);
  CHECK(predictor->predict(b, a)[0].setting != expected[0].setting);
}

TEST_CASE("a_controller_file_finds_its_encoder_beside_it") {
  const TempFolder folder;
  const std::string digest = write_checkpoint(folder / "e.salmodel", style_encoder(1));
  write_checkpoint(folder / "x.salmodel", controller_of("lv2:urn:test:x", digest));
  std::ofstream(folder / "broken.salmodel") << "salmod01 and then nothing of use";
  CHECK(load_predictor(folder / "x.salmodel").controller().name() == "of-lv2:urn:test:x");
  std::filesystem::remove(folder / "e.salmodel");
  const auto thrown = thrown_by([&] { load_predictor(folder / "x.salmodel"); });
  CHECK(thrown.code == ErrorCode::not_found);
  CHECK(thrown.says("the encoder it learnt with, 'small'"));
  CHECK(thrown_by([&] { load_predictor(folder / "none.salmodel"); }).code == ErrorCode::not_found);
}

TEST_CASE("a_broken_model_in_the_users_folder_is_named") {
  const TempFolder folder;
  const Environment models("SOUNDALIKE_MODELS", folder.path());
  std::ofstream(folder / "broken.salmodel") << "no model";
  CHECK(thrown_by([] { list_models(); }).says("broken.salmodel': it is not a checkpoint"));
  const Environment gone("SOUNDALIKE_MODELS", folder / "nowhere");
  CHECK(thrown_by([] { list_models(); }).says("no such folder"));
}

TEST_CASE("the_models_that_ship_work_and_are_small") {
  std::size_t bytes = 0;
  for (const auto& model : list_models()) {
    CAPTURE(model.outline.name);
    if (!model.file.empty()) continue;
    CHECK(model.bytes <= 5000000);
    bytes += model.bytes;
    const Checkpoint checkpoint = load_model(model);
    if (checkpoint.kind == "encoder") CHECK(Encoder(checkpoint).encode(noise(24000, 24000.0)).size() > 0);
    if (checkpoint.kind != "controller") continue;
    std::vector<std::string> effects;
    for (const auto& effect : checkpoint.effects) effects.push_back(effect.id);
    const auto predictor = find_predictor(effects);
    REQUIRE(predictor);
    CHECK(!predictor->predict(noise(24000, 24000.0), sine(440.0, 1.0, 24000.0)).empty());
  }
  CHECK(bytes <= 40000000);
}
