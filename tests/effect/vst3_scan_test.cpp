#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "effect/temporary_bundles.hpp"
#include "effect/vst3_modules.hpp"
#include "soundalike/error.hpp"

using namespace soundalike;
using namespace soundalike::test;
namespace fs = std::filesystem;

namespace {

EffectLibrary scan(const fs::path& folder, double deadline = 10.0) {
  return EffectLibrary({.use_cache = false,
                        .lv2_path = "",
                        .vst3_path = folder.string(),
                        .clap_path = "",
                        .ladspa_path = "",
                        .built_in = false,
                        .scan_deadline_seconds = deadline});
}

std::string reason(const EffectLibrary& library, const std::string& name) {
  for (const EffectListing& listing : library.listings()) {
    if (listing.info.name == name) return listing.unusable.empty() ? "usable" : listing.unusable;
  }
  return "not listed";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("vst3_effects_have_the_class_as_id_and_the_bundle_as_place") {
  const TempFolder folder;
  const fs::path bundle = copy_vst3_module(folder.path() / "vendor/product", "two");
  const EffectLibrary library = scan(folder.path());
  REQUIRE(library.listings().size() == 2);  // a shell with two effects
  const EffectListing& gain = library.find("gain");
  CHECK(gain.info.id == "vst3:6761696E000000000000000000000000");
  CHECK(gain.bundle == bundle);
  CHECK(gain.info.klass == "Utility");
  CHECK(gain.info.author == "soundalike tests");
  CHECK(gain.info.version == "1.2.3");
  CHECK(gain.info.audio_inputs == 2);
  CHECK(library.find("latency").info.klass == "Delay");
}

TEST_CASE("vst3_module_that_crashes_throws_or_hangs_costs_only_itself") {
  const TempFolder folder;
  copy_vst3_module(folder.path(), "well");
  const std::vector<std::string> callbacks{
      "ModuleEntry",        "GetPluginFactory", "countClasses",     "createInstance",        "initialize", "getBusInfo",
      "setBusArrangements", "activateBus",      "getParameterInfo", "getParamStringByValue", "terminate"};
  for (const std::string& callback : callbacks) copy_vst3_module(folder.path(), "crash-in-" + callback);
  copy_vst3_module(folder.path(), "hang-in-initialize");
  copy_vst3_module(folder.path(), "refuses");
  const EffectLibrary library = scan(folder.path(), 2.0);
  for (const std::string& callback : callbacks) {
    CAPTURE(callback);
    CHECK(holds(reason(library, "crash-in-" + callback + ".so"), "crashes while it is loaded: SIG"));
  }
  CHECK(holds(reason(library, "hang-in-initialize.so"), "hangs while it is loaded"));
  CHECK(holds(reason(library, "refuses.so"), "ModuleEntry"));
  CHECK(reason(library, "gain") == "usable");
  const TempFolder other;
  copy_vst3_module(other.path(), "throw-in-getParameterInfo");
  CHECK(holds(reason(scan(other.path()), "gain"), "it threw: from getParameterInfo"));
}

TEST_CASE("vst3_files_that_are_no_modules_say_so") {
  const TempFolder folder;
  const auto put = [&](const std::string& name, const std::string& machine) {
    const fs::path code = folder.path() / (name + ".vst3/Contents") / machine / (name + ".so");
    fs::create_directories(code.parent_path());
    return code;
  };
  const std::string machine = vst3_test_code().parent_path().filename().string();
  write_text(put("text", machine), "this is no library\n");
  write_text(put("empty", machine), "");
  // A library, but an LV2 one.
  fs::copy_file(vst3_test_bundle().parent_path().parent_path() / "soundalike-test.lv2/soundalike-test.so",
                put("other-format", machine));
  write_text(put("other-machine", "riscv64-linux"), "");
  fs::create_directories(folder.path() / "hollow.vst3");
  write_text(folder.path() / "single.vst3", "one file, no library");
  fs::create_directory_symlink(folder.path(), folder.path() / "loop");
  const EffectLibrary library = scan(folder.path());
  CHECK(holds(reason(library, "text.so"), "cannot load 'text.vst3'"));
  CHECK(holds(reason(library, "empty.so"), "cannot load 'empty.vst3'"));
  CHECK(holds(reason(library, "other-format.so"), "no VST3 module"));
  CHECK(holds(reason(library, "other-machine.vst3"), "only for riscv64-linux"));
  CHECK(holds(reason(library, "hollow.vst3"), "holds no code for"));
  CHECK(holds(reason(library, "single.vst3"), "cannot load 'single.vst3'"));
  CHECK_THROWS_AS(library.find("text.so"), Error);
}

TEST_CASE("vst3_folder_that_cannot_be_read_is_passed_over") {
  const TempFolder folder;
  copy_vst3_module(folder.path() / "a", "well");
  const fs::path closed = folder.path() / "closed";
  fs::create_directories(closed);
  ::chmod(closed.c_str(), 0);
  CHECK(reason(scan(folder.path()), "gain") == "usable");
  CHECK(reason(scan(closed.string() + ":/nonexistent:" + (folder.path() / "a").string()), "gain") == "usable");
  ::chmod(closed.c_str(), 0755);
}

TEST_CASE("vst3_of_two_folders_the_first_counts") {
  const TempFolder folder;
  const fs::path first = copy_vst3_module(folder.path() / "first", "zz");
  copy_vst3_module(folder.path() / "second", "aa");
  const EffectLibrary library = scan((folder.path() / "first").string() + ":" + (folder.path() / "second").string());
  REQUIRE(library.listings().size() == 2);
  CHECK(library.find("gain").bundle == first);
}

TEST_CASE("vst3_manifest_of_instruments_loads_no_code") {
  const TempFolder folder;
  const fs::path bundle = copy_vst3_module(folder.path(), "crash-in-ModuleEntry");
  write_text(bundle / "Contents/moduleinfo.json",
             "{ /* as the SDK's tool writes it */ \"Name\": \"synth\", \"Factory Info\": {\"Vendor\": \"V\",},\n"
             "\"Classes\": [ {\"CID\": \"0123456789abcdef0123456789ABCDEF\", \"Category\": \"Audio Module Class\",\n"
             "\"Name\": \"A, Synth\", \"Version\": \"1\", \"Sub Categories\": [\"Instrument\", \"Synth\",], }, ], }");
  const EffectLibrary library = scan(folder.path());
  CHECK(reason(library, "A, Synth") == "instrument: no audio input");
  CHECK(library.listings().at(0).info.author == "V");
  CHECK(library.listings().at(0).info.id == "vst3:0123456789ABCDEF0123456789ABCDEF");
}

TEST_CASE("vst3_manifest_that_lies_changes_nothing_but_is_reported") {
  const TempFolder folder;
  const fs::path bundle = copy_vst3_module(folder.path(), "well");
  fs::create_directories(bundle / "Contents/Resources");
  write_text(bundle / "Contents/Resources/moduleinfo.json",
             "{\"Classes\": [{\"CID\": \"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\", \"Category\": \"Audio Module Class\", "
             "\"Name\": \"Ghost\", \"Sub Categories\": [\"Fx\"]}]}");
  EffectLibrary library = scan(folder.path());
  CHECK(holds(reason(library, "Ghost"), "its code does not hold it"));
  CHECK(reason(library, "gain") == "usable");
  for (const char* broken : {"", "{", "[]", "{\"Classes\": 3}", "{\"Classes\": [3, {\"CID\": 5}]}"}) {
    CAPTURE(broken);
    write_text(bundle / "Contents/Resources/moduleinfo.json", broken);
    CHECK(reason(scan(folder.path()), "gain") == "usable");
  }
}

TEST_CASE("vst3_scan_is_cached_until_the_code_changes") {
  const TempFolder folder;
  const fs::path cache = folder.path() / "cache/effects.cache";
  const fs::path plugins = folder.path() / "vst3";
  copy_vst3_module(plugins, "well");
  const auto open = [&] {
    return EffectLibrary({.cache_file = cache,
                          .lv2_path = "",
                          .vst3_path = plugins.string(),
                          .clap_path = "",
                          .ladspa_path = "",
                          .built_in = false});
  };
  CHECK_FALSE(open().from_cache());
  CHECK(open().from_cache());
  const fs::path crashing = copy_vst3_module(plugins, "crash-in-initialize");
  const EffectLibrary again = open();
  CHECK_FALSE(again.from_cache());
  CHECK(holds(reason(again, "crash-in-initialize.so"), "SIGSEGV"));
  // What a bundle says of its code is part of it, wherever it stands.
  const std::string synth =
      "{\"Classes\": [{\"CID\": \"FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\", \"Category\": \"Audio Module Class\", "
      "\"Name\": \"Synth\", \"Sub Categories\": [\"Instrument\"]}]}";
  for (const char* folder_name : {"Contents", "Contents/Resources"}) {
    CAPTURE(folder_name);
    const fs::path manifest = crashing / folder_name / "moduleinfo.json";
    fs::create_directories(manifest.parent_path());
    write_text(manifest, synth);
    CHECK(reason(open(), "Synth") == "instrument: no audio input");
    CHECK(open().from_cache());
    fs::remove(manifest);
    CHECK(holds(reason(open(), "crash-in-initialize.so"), "SIGSEGV"));
  }
}
