// What a person can get wrong, end to end: one clear line, the right exit status, and nothing changed on disk.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "cli/recordings.hpp"

namespace {

namespace fs = std::filesystem;
using program::Run;
using recordings::bytes_of;
using recordings::content;
using recordings::Studio;
using recordings::test_effect;
using recordings::tune;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Runs `action`, which must fail with `status` and one line that says `part`, and leave the folder as it was.
template <typename Action>
void refuses(const Studio& studio, int status, const std::string& part, const Action& action) {
  const auto before = content(studio.path(""));
  const Run run = action();
  CAPTURE(run.err);
  CHECK(run.status == status);
  CHECK(run.err.starts_with("soundalike: "));
  CHECK(run.err.find('\n') == run.err.size() - 1);
  CHECK(holds(run.err, part));
  CHECK(content(studio.path("")) == before);
}

void write_bad_recordings(const Studio& studio) {
  std::ofstream(studio.path("empty.wav"));
  std::ofstream(studio.path("text.wav")) << "this is not a recording\n";
  std::ofstream(studio.path("cut.wav"), std::ios::binary) << bytes_of(studio.path("in.wav")).substr(0, 20000);
  program::write_wav(studio.path("none.wav"), {}, 24000);
  program::write_wav(studio.path("one.wav"), {0.5f}, 24000);
  program::write_wav(studio.path("brief.wav"), tune(24000, 0.05, 1), 24000);
  program::write_wav(studio.path("silent.wav"), std::vector<float>(24000), 24000);
  program::write_wav(studio.path("many.wav"), std::vector<float>(8 * 24000, 0.1f), 24000, 8);
  std::vector<float> broken = tune(24000, 1.0, 1);
  broken[1000] = std::numeric_limits<float>::quiet_NaN();
  recordings::write_float_wav(studio.path("nan.wav"), broken, 24000);
  recordings::write_float_wav(studio.path("nothing.wav"), tune(24000, 1.0, 1, 1e-20f), 24000);
  fs::create_directory(studio.path("folder.wav"));
}

constexpr struct {
  const char* file;
  int status;
  const char* says;
} bad_recordings[] = {
    {"missing.wav", 3, "no such file"},  {"empty.wav", 4, "it is empty"},     {"text.wav", 4, "no audio in it"},
    {"cut.wav", 4, "it is cut off"},     {"none.wav", 4, "0 frames"},         {"nan.wav", 4, "frame 1000 is NaN"},
    {"many.wav", 5, "8 channels"},       {"folder.wav", 2, "it is a folder"}, {"silent.wav", 4, "digital silence"},
    {"nothing.wav", 4, "its peak is -"}, {"one.wav", 2, "at least 100 ms"},   {"brief.wav", 2, "50 ms long"}};

}  // namespace

TEST_CASE("recordings_that_cannot_be_matched_each_have_their_line_and_status") {
  const Studio studio;
  write_bad_recordings(studio);
  for (const auto& row : bad_recordings) {
    CAPTURE(row.file);
    refuses(studio, row.status, row.says, [&] {
      return studio({"match", row.file, "ref.wav", "-e", test_effect("gain"), "-b", "2", "-o", "out.wav"});
    });
    const Run run =
        studio({"match", "in.wav", row.file, "-e", test_effect("gain"), "-b", "2", "-o", "out.wav", "--json"});
    CHECK(run.status == row.status);
    CHECK(holds(run.json()["error"]["message"].get<std::string>(), row.file));
    CHECK_FALSE(fs::exists(studio.path("out.wav")));
  }
}

TEST_CASE("recordings_that_cannot_be_rendered_each_have_their_line_and_status") {
  const Studio studio;
  write_bad_recordings(studio);
  for (const auto& row : bad_recordings) {
    const std::string file = row.file;
    CAPTURE(file);
    const std::vector<std::string> words{"render", file, "-e", test_effect("gain"), "-o", "out.wav"};
    if (file == "silent.wav" || file == "nothing.wav" || file == "one.wav" || file == "brief.wav") {
      CHECK(studio(words).status == 0);  // silent or short, there is something to render
      fs::remove(studio.path("out.wav"));
    } else {
      refuses(studio, row.status, row.says, [&] { return studio(words); });
    }
  }
}

TEST_CASE("an_unreadable_file_is_told_from_a_missing_one") {
  const Studio studio;
  std::ofstream(studio.path("secret.json")) << "{}";
  for (const char* file : {"in.wav", "secret.json"}) fs::permissions(studio.path(file), fs::perms::none);
  fs::permissions(studio.path(""), fs::perms::all);
  std::vector<std::string> program{(fs::path(std::getenv("SOUNDALIKE_BIN")) / "soundalike").string()};
  if (geteuid() == 0) {  // may read everything, so somebody else tries
    program.insert(program.begin(), {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
  }
  const auto as_user = [&](const std::vector<std::string>& words) {
    auto all = program;
    all.insert(all.end(), words.begin(), words.end());
    return program::run(all,
                        {.environment = {{"LV2_PATH", std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins"},
                                         {"LADSPA_PATH", "/nonexistent"},
                                         {"VST3_PATH", "/nonexistent"},
                                         {"XDG_CACHE_HOME", "/nowhere"}},
                         .folder = studio.path("")});
  };
  if (as_user({"effects", "show", test_effect("gain")}).status != 0) {
    MESSAGE("skipped: another user than root cannot run the program and its worker here");
    return;
  }
  const Run audio = as_user({"match", "in.wav", "ref.wav", "-e", test_effect("gain"), "-o", "out.wav"});
  CHECK(audio.status == 7);
  CHECK(holds(audio.err, "ermission"));
  const Run recipe = as_user({"render", "ref.wav", "-r", "secret.json", "-o", "out.wav"});
  CHECK(recipe.status == 7);
  CHECK(holds(recipe.err, "ermission"));
}

TEST_CASE("a_recording_at_384_khz_is_matched_as_it_is") {
  const Studio studio;
  program::write_wav(studio.path("high.wav"), tune(384000, 0.3, 1), 384000);
  const Run run = studio({"match", "high.wav", "ref.wav", "-e", test_effect("knobs"), "-b", "4", "-o", "out.wav"});
  CHECK(run.status == 0);
  CHECK(studio({"distance", "out.wav", "high.wav", "--json"}).json()["recordings"][0]["sample_rate"] == 384000.0);
  CHECK(studio({"match", "in.wav", "high.wav", "-e", test_effect("knobs"), "-b", "4"}).status == 0);
}

TEST_CASE("effects_that_cannot_be_used_are_refused_with_the_reason") {
  const Studio studio;
  const struct {
    const char* effect;
    int status;
    const char* says;
  } rows[] = {{"Test Gian", 3, "did you mean 'Test Gain'"},
              {"urn:soundalike:test:instrument", 5, "instrument"},
              {"urn:soundalike:test:generator", 5, "no audio input"},
              {"urn:soundalike:test:analyser", 5, "no audio output"},
              {"urn:soundalike:test:unknown-feature", 5, "urn:soundalike:test:feature-nobody-has"},
              {"urn:soundalike:test:missing-library", 5, "no-such-file.so"},
              {"urn:soundalike:test:broken-library", 6, "not-a-library.so"},
              {"urn:soundalike:test:not-in-library", 6, "holds no plugin"},
              {"urn:soundalike:test:refuses", 6, "made no instance"}};
  for (const auto& row : rows) {
    CAPTURE(row.effect);
    refuses(studio, row.status, row.says, [&] { return studio.match(row.effect, {"-o", "out.wav"}); });
    refuses(studio, row.status, row.says, [&] {
      return studio({"render", "in.wav", "-e", row.effect, "-o", "out.wav"});
    });
    refuses(studio, row.status, row.says, [&] { return studio({"effects", "probe", row.effect, "-o", "p.json"}); });
  }
}

TEST_CASE("effects_that_always_fail_are_told_and_leave_nothing") {
  const Studio studio;
  const struct {
    const char* name;
    const char* says;
  } rows[] = {{"nan", "NaN or infinity"},
              {"crash", "SIGSEGV"},
              {"exit", "exit status 0"},
              {"abort", "SIGABRT"},
              {"runaway", "reached +17"}};
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const std::string effect = test_effect(row.name);
    refuses(studio, 6, row.says, [&] { return studio.match(effect, {"-s", "armed=1", "-o", "out.wav"}); });
    refuses(studio, 6, "the only render failed", [&] { return studio.match(effect, {"-s", "armed=1"}); });
    refuses(studio, 6, row.says, [&] {
      return studio({"render", "in.wav", "-e", effect, "-s", "armed=1", "-o", "out.wav", "--no-progress"});
    });
  }
}

TEST_CASE("options_that_make_no_sense_are_refused_before_anything_runs") {
  const Studio studio;
  const std::string effect = test_effect("knobs");
  const struct {
    std::vector<std::string> more;
    int status;
    const char* says;
  } rows[] = {{{"-b", "0"}, 2, "from 1 to 1000000"},
              {{"--amount", "101"}, 2, "from 0 to 100"},
              {{"--amount", "-1"}, 2, "from 0 to 100"},
              {{"--seconds", "0"}, 2, "at least 0.01"},
              {{"--seed", "-1"}, 2, "at least 0"},
              {{"--distance", "stile"}, 2, "did you mean 'style'"},
              {{"--search", "magic"}, 2, "--search"},
              {{"-s", "gain=3", "--free", "gain"}, 2, "both pinned and free"},
              {{"-s", "gain"}, 2, "name=value"},
              {{"-s", "gian=3"}, 3, "did you mean 'gain'"},
              {{"--free", "mdoe"}, 3, "did you mean 'mode'"},
              {{"-s", "gain=300"}, 2, "dB"},
              {{"-s", "gain=3 Hz"}, 2, "dB"},
              {{"-o", "out"}, 2, "end the name in .wav or .flac"},
              {{"-o", "out.mp3"}, 2, "end the name in .wav or .flac"},
              {{"-o", "out.flac", "--format", "float32"}, 2, "no floating-point samples"},
              {{"-o", "nowhere/out.wav"}, 7, "there is no folder 'nowhere'"},
              {{"-o", "cache"}, 2, "end the name in .wav or .flac"},
              {{"-o", "/dev/full"}, 2, "/dev/full"},
              {{"--picture", "p.png"}, 2, "give --output too"},
              {{"-o", "out.wav", "--picture", "p.gif"}, 2, "end the name in .png"},
              {{"-o", "out.wav", "--picture", "nowhere/p.png"}, 7, "there is no folder 'nowhere'"}};
  for (const auto& row : rows) {
    CAPTURE(row.more.back());
    // A budget that would take hours shows that the check comes first.
    std::vector<std::string> more = row.more;
    if (more[0] != "-b") more.insert(more.end(), {"-b", "1000000"});
    refuses(studio, row.status, row.says, [&] { return studio.match(effect, more, {.timeout_seconds = 20.0}); });
  }
}

TEST_CASE("every_candidates_knobs_are_checked_before_the_first_is_searched") {
  const Studio studio;
  refuses(studio, 3, "no knob 'mode'", [&] {
    return studio.match(test_effect("knobs"),
                        {"-e", test_effect("gain"), "--choose", "-s", "mode=0.5", "-b", "1000000"},
                        {.timeout_seconds = 20.0});
  });
}

TEST_CASE("no_output_ever_replaces_the_input_or_the_reference") {
  const Studio studio;
  fs::create_directory(studio.path("sub"));
  fs::create_symlink("in.wav", studio.path("symbolic.wav"));
  fs::create_hard_link(studio.path("in.wav"), studio.path("hard.wav"));
  fs::create_symlink("ref.wav", studio.path("p.png"));
  const std::string effect = test_effect("gain");
  for (const std::string name : {"in.wav", "./sub/../in.wav", "symbolic.wav", "hard.wav"}) {
    CAPTURE(name);
    refuses(studio, 2, "is the input itself", [&] { return studio.match(effect, {"-o", name}); });
    refuses(studio, 2, "is the input itself", [&] { return studio({"render", "in.wav", "-e", effect, "-o", name}); });
  }
  refuses(studio, 2, "is the reference itself", [&] { return studio.match(effect, {"-o", "ref.wav"}); });
  refuses(studio, 2, "is the reference itself", [&] {
    return studio.match(effect, {"-o", "out.wav", "--picture", "p.png"});
  });
}

TEST_CASE("a_recipe_that_cannot_be_followed_is_refused_with_the_place") {
  const Studio studio;
  REQUIRE(studio.match(test_effect("knobs"), {"-b", "4", "-o", "out.wav"}).status == 0);
  const auto recipe = nlohmann::ordered_json::parse(bytes_of(studio.path("out.recipe.json")));
  fs::remove(studio.path("out.wav"));
  const auto broken = [&](const std::string& part, int status, const auto& change) {
    CAPTURE(part);
    auto copy = recipe;
    change(copy);
    std::ofstream(studio.path("r.json")) << copy.dump();
    refuses(studio, status, part, [&] { return studio({"render", "in.wav", "-r", "r.json", "-o", "again.wav"}); });
  };
  for (const auto& [key, value] : recipe.items()) {
    broken("'" + key + "'", 2, [&, name = key](auto& json) { json.erase(name); });
    broken(key, 2, [&, name = key](auto& json) { json[name] = true; });
  }
  for (const auto& [key, value] : recipe["effects"][0].items()) {
    broken("'" + key + "'", 2, [&, name = key](auto& json) { json["effects"][0].erase(name); });
    broken("'" + key + "'", 2, [&, name = key](auto& json) { json["effects"][0][name] = 7; });
  }
  for (const auto& [key, value] : recipe["effects"][0]["knobs"][0].items()) {
    broken("'" + key + "'", 2, [&, name = key](auto& json) { json["effects"][0]["knobs"][0].erase(name); });
    broken("'" + key + "'", 2, [&, name = key](auto& json) { json["effects"][0]["knobs"][0][name] = nullptr; });
  }
  for (const auto& [key, value] : recipe["found"].items()) {
    broken("'" + key + "'", 2, [&, name = key](auto& json) { json["found"].erase(name); });
    broken("'" + key + "'", 2, [&, name = key](auto& json) { json["found"][name] = nullptr; });
  }
  broken("recipe format 99", 2, [](auto& json) { json["soundalike_recipe"] = 99; });
  broken("'channels'", 2, [](auto& json) { json["channels"] = 3; });
  broken("'channels'", 2, [](auto& json) { json["channels"] = 1.5; });
  broken("'block_size'", 2, [](auto& json) { json["block_size"] = -1; });
  broken("'wet'", 2, [](auto& json) { json["wet"] = 1.5; });
  broken("'output_gain_db'", 2, [](auto& json) { json["output_gain_db"] = 1e9; });
  broken("'setting'", 2, [](auto& json) { json["effects"][0]["knobs"][0]["setting"] = -0.1; });
  broken("no effects", 2, [](auto& json) { json["effects"] = nlohmann::ordered_json::array(); });
  broken("no such effect", 3, [](auto& json) { json["effects"][0]["effect"] = "lv2:urn:nobody:has-this"; });
  broken("knobs", 2, [](auto& json) { json["effects"][0]["knobs"].erase(0); });
  broken("'gain'", 2, [](auto& json) { json["effects"][0]["knobs"][0]["id"] = "loudness"; });
  std::ofstream(studio.path("r.json")) << "{\"soundalike_recipe\": 1,";
  const std::vector<std::string> words{"render", "in.wav", "-o", "again.wav", "-r"};
  const auto with = [&](const std::string& file) {
    auto all = words;
    all.push_back(file);
    return studio(all);
  };
  refuses(studio, 2, "r.json", [&] { return with("r.json"); });
  refuses(studio, 2, "in.wav: not a recipe", [&] { return with("in.wav"); });
  refuses(studio, 2, "it is a folder", [&] { return with("cache"); });
  refuses(studio, 3, "no such file", [&] { return with("missing.json"); });
  refuses(studio, 2, "contradict each other", [&] {
    return studio({"render", "in.wav", "-r", "out.recipe.json", "-e", test_effect("gain"), "-o", "again.wav"});
  });
  refuses(studio, 2, "give --recipe, --effect or --preset", [&] {
    return studio({"render", "in.wav", "-o", "again.wav"});
  });
}

TEST_CASE("a_disk_that_fills_up_leaves_nothing_half_written") {
  const Studio studio;
  program::write_wav(studio.path("in.wav"), tune(24000, 40.0, 1), 24000);
  const std::string program = (fs::path(std::getenv("SOUNDALIKE_BIN")) / "soundalike").string();
  const std::string cache = studio.path("cache").string();
  const std::string lv2_path = std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins";
  // A limit on the size of files, in KiB: 40 s of mono float at 24 kHz are 3750. With --keep-level there is no other
  // big file; a FLAC of a lossless copy is smaller.
  const auto limited = [&](const std::string& kibibytes, std::vector<std::string> words) {
    words.insert(words.begin(), {"sh", "-c", "ulimit -f $((2 * $0)); exec \"$@\"", kibibytes, program});
    return program::run(words, {.environment = {{"LV2_PATH", lv2_path},
                                                {"LADSPA_PATH", "/nonexistent"},
                                                {"VST3_PATH", "/nonexistent"},
                                                {"XDG_CACHE_HOME", cache}},
                                .folder = studio.path("")});
  };
  REQUIRE(limited("1000000", {"effects", "show", test_effect("gain")}).status == 0);  // fills the cache
  for (const std::string kibibytes : {"16", "3000"}) {
    CAPTURE(kibibytes);
    refuses(studio, 7, "File too large", [&] {
      return limited(kibibytes, {"render", "in.wav", "-e", test_effect("gain"), "-o", "out.wav", "--no-progress"});
    });
    refuses(studio, 7, "File too large", [&] {
      return limited(kibibytes, {"match", "in.wav", "ref.wav", "-e", test_effect("gain"), "-b", "2", "-o", "out.wav",
                                 "--no-progress"});
    });
  }
}

TEST_CASE("a_match_whose_files_cannot_all_be_written_takes_back_those_it_wrote") {
  const Studio studio;
  fs::create_directory(studio.path("out.recipe.json"));  // a folder sits where the recipe shall go
  refuses(studio, 2, "out.recipe.json", [&] { return studio.match(test_effect("knobs"), {"-o", "out.wav", "-q"}); });
}

TEST_CASE("probe_and_evaluate_know_before_they_begin_what_they_cannot_write") {
  const Studio studio;
  refuses(studio, 7, "there is no folder 'nowhere'", [&] {
    return studio({"effects", "probe", test_effect("nan"), "-o", "nowhere/p.json"});
  });
  refuses(studio, 7, "there is no folder 'nowhere'", [&] {
    return studio({"evaluate", "match", "--corpus", ".", "-e", test_effect("gain"), "--csv", "nowhere/s.csv"});
  });
  refuses(studio, 3, "missing", [&] { return studio({"evaluate", "match", "--corpus", "missing"}); });
  refuses(studio, 2, "no audio below 'cache'", [&] { return studio({"evaluate", "match", "--corpus", "cache"}); });
  refuses(studio, 3, "did you mean 'Test Gain'", [&] {
    return studio({"evaluate", "match", "--corpus", ".", "-e", "Test Gian"});
  });
}
