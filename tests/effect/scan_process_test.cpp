#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

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
