#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fixtures/environment.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"
#include "ladspa_plugins.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "temporary_bundles.hpp"

using namespace soundalike;
namespace fs = std::filesystem;

namespace {

/// A folder of LADSPA files, and the program's view of it.
struct Folder {
  TempFolder folder;
  fs::path plugins = folder.path() / "ladspa";
  fs::path cache = folder.path() / "cache/effects.cache";

  Folder() { fs::create_directory(plugins); }
  void add(const std::string& from, const std::string& as = "") const {
    const fs::path source = built_plugins() + "/" + from;
    fs::copy_file(source, plugins / (as.empty() ? source.filename().string() : as));
  }
  EffectLibrary open() const {
    return EffectLibrary({.cache_file = cache,
                          .lv2_path = "",
                          .vst3_path = "",
                          .clap_path = "",
                          .ladspa_path = plugins.string(),
                          .built_in = false,
                          .scan_deadline_seconds = 2.0});
  }
  static std::string why(const EffectLibrary& library, const std::string& id) {
    for (const EffectListing& listing : library.listings()) {
      if (listing.info.id == id) return listing.unusable;
    }
    return "not listed";
  }
};

}  // namespace

TEST_CASE_FIXTURE(Folder, "a_file_that_crashes_or_hangs_or_throws_costs_only_itself") {
  add("ladspa/soundalike-test.so");
  for (const char* fault : {"crash.so", "hang.so", "throw.so", "other.so"}) add(std::string("ladspa-faults/") + fault);
  add("ladspa/soundalike-test.so", "zzz.so");
  test::write_text(plugins / "text.so", "this is no library\n");
  test::write_text(plugins / "empty.so", "");
  // The head of a library for a 32-bit machine.
  std::string elf = test::read_text(plugins / "other.so");
  elf[4] = 1;
  test::write_text(plugins / "machine.so", elf);
  fs::create_symlink("nowhere.so", plugins / "dangling.so");

  const EffectLibrary library = open();
  CHECK(library.find("ladspa:soundalike-test#gain").unusable.empty());
  CHECK(library.find("ladspa:zzz#gain").unusable.empty());
  CHECK(why(library, "ladspa:crash") == "crashes while it is loaded: SIGSEGV (Segmentation fault)");
  CHECK(why(library, "ladspa:hang") == "hangs while it is loaded: no answer in 2 s");
  CHECK(why(library, "ladspa:throw") == "crashes while it is loaded: SIGABRT (Aborted)");
  CHECK(why(library, "ladspa:other") ==
        "cannot load 'other.so': it is no LADSPA plugin: it has no function ladspa_descriptor");
  CHECK(why(library, "ladspa:text").find("cannot load 'text.so'") == 0);
  CHECK(why(library, "ladspa:empty").find("cannot load 'empty.so'") == 0);
  CHECK(why(library, "ladspa:machine").find("wrong ELF class") != std::string::npos);
  CHECK(why(library, "ladspa:dangling").find("cannot load 'dangling.so'") == 0);
  CHECK(open().from_cache());
}

TEST_CASE_FIXTURE(Folder, "a_verdict_lasts_as_long_as_its_file") {
  add("ladspa/soundalike-test.so");
  open();
  add("ladspa-faults/other.so");
  CHECK(why(open(), "ladspa:other").find("it is no LADSPA plugin") != std::string::npos);
  // The file becomes another one under its old name.
  fs::remove(plugins / "other.so");
  add("ladspa/soundalike-test.so", "other.so");
  fs::last_write_time(plugins / "other.so", fs::file_time_type::clock::now() + std::chrono::seconds(2));
  const EffectLibrary renewed = open();
  CHECK_FALSE(renewed.from_cache());
  CHECK(renewed.find("ladspa:other#gain").unusable.empty());
}

TEST_CASE_FIXTURE(Folder, "choices_come_change_and_go_with_the_rdf_file_that_names_them") {
  add("ladspa/soundalike-test.so");
  add("ladspa-faults/crash.so");
  const fs::path rdf = folder.path() / "rdf";
  const SetVariable path("LADSPA_RDF_PATH", rdf.string());  // a folder that is not there yet
  const auto write_rdf = [&](const std::string& first, int seconds) {
    fs::create_directories(rdf);
    std::string text =
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:l='http://ladspa.org/ontology#'>"
        "<l:ChorusPlugin rdf:about='x#6'/><l:InputControlPort rdf:about='x#6.5'>";
    for (int value = 1; value <= 9; ++value) {
      const std::string number = std::to_string(value);
      text.append("<l:Point rdf:value='").append(number).append("' l:hasLabel='");
      text.append(value == 1 ? first : "no. " + number).append("'/>");
    }
    test::write_text(rdf / "voices.rdf", text + "</l:InputControlPort></rdf:RDF>");
    // A clock too coarse to tell two writes apart must not decide the test.
    fs::last_write_time(rdf / "voices.rdf", fs::file_time_type::clock::now() + std::chrono::seconds(seconds));
  };
  const auto first_voice = [](const EffectLibrary& library) {
    const EffectListing& effect = library.find("ladspa:soundalike-test#knobs");
    const auto voices = std::ranges::find(effect.parameters, "voices", &Parameter::id);
    REQUIRE(voices != effect.parameters.end());
    CHECK((effect.info.klass == "Chorus") == (voices->kind == ParameterKind::choice));
    return voices->kind == ParameterKind::choice ? voices->choices.at(0).label : std::string("a number");
  };
  const auto again = [&] {
    const EffectLibrary library = open();
    CHECK_FALSE(library.from_cache());
    CHECK(why(library, "ladspa:crash") == "crashes while it is loaded: SIGSEGV (Segmentation fault)");
    const EffectLibrary cached = open();
    CHECK(cached.from_cache());
    CHECK(first_voice(cached) == first_voice(library));
    return first_voice(library);
  };
  CHECK(again() == "a number");
  write_rdf("solo", 2);
  CHECK(again() == "solo");
  write_rdf("one!", 4);  // as long as before
  CHECK(again() == "one!");
  fs::remove(rdf / "voices.rdf");
  CHECK(again() == "a number");
}

TEST_CASE_FIXTURE(Folder, "a_file_that_crashes_is_not_loaded_again_for_an_rdf_file") {
  add("ladspa-faults/crash.so");
  const std::string crash = "crashes while it is loaded: SIGSEGV (Segmentation fault)";
  const fs::path rdf = folder.path() / "rdf";
  fs::create_directory(rdf);
  const SetVariable path("LADSPA_RDF_PATH", rdf.string());
  CHECK(why(open(), "ladspa:crash") == crash);
  test::write_text(rdf / "new.rdf", "");
  // Without a worker to load it, what is known of it is all there is.
  const SetVariable worker("SOUNDALIKE_WORKER", "/bin/false");
  const EffectLibrary library = open();
  CHECK_FALSE(library.from_cache());
  CHECK(why(library, "ladspa:crash") == crash);
}

TEST_CASE_FIXTURE(Folder, "what_is_wrong_with_the_worker_program_is_held_against_no_file") {
  add("ladspa/soundalike-test.so");
  open();
  add("ladspa/soundalike-test.so", "new.so");
  for (const auto& [program, problem] : {std::pair{"/nonexistent/worker", "cannot find the render worker"},
                                         std::pair{"/bin/true", "ended with exit status 0 before it had begun"},
                                         std::pair{"/bin/false", "ended with exit status 1 before it had begun"}}) {
    const auto& shown = program;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    ::setenv("SOUNDALIKE_WORKER", program, 1);
    const Thrown thrown = thrown_by([&] { open(); });
    CAPTURE(thrown.message);
    CHECK(thrown.code == ErrorCode::io);
    CHECK(thrown.says(problem));
    fs::rename(plugins / "new.so", folder.path() / "new.so");
    CHECK(open().from_cache());  // what is known needs no worker
    fs::rename(folder.path() / "new.so", plugins / "new.so");
  }
  ::unsetenv("SOUNDALIKE_WORKER");
  CHECK(open().find("ladspa:new#gain").unusable.empty());
}

TEST_CASE_FIXTURE(Folder, "an_unreadable_folder_and_file_are_told_or_skipped") {
  add("ladspa/soundalike-test.so");
  fs::permissions(plugins / "soundalike-test.so", fs::perms::none);
  const bool readable = std::ifstream(plugins / "soundalike-test.so").good();  // for root everything is
  if (!readable) CHECK(why(open(), "ladspa:soundalike-test").find("Permission denied") != std::string::npos);
  fs::permissions(plugins, fs::perms::none);
  if (!readable) CHECK(open().listings().empty());
  fs::permissions(plugins, fs::perms::owner_all);
  if (readable) MESSAGE("skipped: permissions do not bind this user");
}
