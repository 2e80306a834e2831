// Bundles that are wrong in ways that their files can be.
#include <doctest/doctest.h>

#include <cstdlib>

#include "effect/lv2.hpp"
#include "soundalike/error.hpp"
#include "temporary_bundles.hpp"

using namespace soundalike;
using namespace soundalike::test;
namespace fs = std::filesystem;

namespace {

const std::string prefixes =
    "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
    "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n";

std::string manifest(const std::string& uri, const std::string& see_also) {
  return prefixes + "<" + uri + "> a lv2:Plugin ; lv2:binary <plugin.so> ; rdfs:seeAlso " + see_also + " .\n";
}

std::string opening_error(const EffectListing& listing) {
  try {
    open_effect(listing, {SampleRate{48000}, 2});
    return "opened";
  } catch (const Error& error) {
    return error.what();
  }
}

struct Folder {
  TempFolder folder;
  fs::path bundle = folder.path() / "bad.lv2";
  Folder() { write_bundle(bundle, {{"urn:test:Bad", "Bad"}}); }
  std::vector<EffectListing> scan() const { return scan_lv2(folder.path().string()); }
};

}  // namespace

TEST_CASE_FIXTURE(Folder, "see_also_that_goes_in_circles_is_followed_once") {
  write_text(bundle / "manifest.ttl", manifest("urn:test:Bad", "<plugin.ttl>, <manifest.ttl>, <other.ttl>"));
  write_text(bundle / "other.ttl",
             prefixes + "<urn:test:Bad> rdfs:seeAlso <manifest.ttl>, <other.ttl>, <plugin.ttl> .\n");
  const auto listings = scan();
  REQUIRE(listings.size() == 1);
  CHECK(listings[0].info.name == "Bad");
  CHECK(listings[0].unusable.empty());
}

TEST_CASE_FIXTURE(Folder, "see_also_that_names_a_missing_file_says_so") {
  write_text(bundle / "manifest.ttl", manifest("urn:test:Bad", "<gone.ttl>"));
  const auto listings = scan();
  REQUIRE(listings.size() == 1);
  CHECK(listings[0].unusable == "its bundle names a file that is missing: " + (bundle / "gone.ttl").string());
}

TEST_CASE_FIXTURE(Folder, "manifest_of_a_plugin_that_its_files_do_not_describe") {
  write_text(bundle / "manifest.ttl", manifest("urn:test:Other", "<plugin.ttl>"));
  const auto listings = scan();
  REQUIRE(listings.size() == 1);
  CHECK_FALSE(listings[0].unusable.empty());
}

TEST_CASE_FIXTURE(Folder, "turtle_that_is_no_turtle_hides_its_bundle_only") {
  write_bundle(folder.path() / "good.lv2", {{"urn:test:Good", "Good"}});
  for (const std::string& text :
       {std::string("<urn:test:Bad> a lv2:Plugin"), std::string("\0\xff\xfe{{{", 6), std::string()}) {
    write_text(bundle / "manifest.ttl", text);
    const auto listings = scan();
    REQUIRE(listings.size() == 1);
    CHECK(listings[0].info.name == "Good");
  }
}

TEST_CASE_FIXTURE(Folder, "library_that_is_none_or_another_one_or_of_another_machine_says_so") {
  const auto error = [&] { return opening_error(scan().front()); };
  CHECK(error().starts_with("cannot load 'Bad': "));
  CHECK(error().find("file too short") != std::string::npos);
  const std::string built =
      std::string(std::getenv("SOUNDALIKE_BUILD")) + "/tests/plugins/soundalike-test.lv2/soundalike-test.so";
  fs::copy_file(built, bundle / "plugin.so", fs::copy_options::overwrite_existing);
  CHECK(error() == "cannot load 'Bad': its library " + (bundle / "plugin.so").string() +
                       " holds no plugin <urn:test:Bad>; its bundle is inconsistent");
  std::string elf = read_text(built);
  elf[4] = 1;  // 32 bits
  write_bundle(folder.path() / "a-machine.lv2", {{"urn:test:A-Machine", "Machine"}});
  write_text(folder.path() / "a-machine.lv2/plugin.so", elf);
  CHECK(error().find("wrong ELF class") != std::string::npos);
}

TEST_CASE_FIXTURE(Folder, "ten_thousand_bundles_are_listed") {
  for (int i = 0; i < 10'000; ++i) {
    const fs::path one = folder.path() / ("b" + std::to_string(i) + ".lv2");
    fs::create_directory(one);
    write_text(one / "manifest.ttl", prefixes);
  }
  const TempFolder elsewhere;
  const EffectLibrary::Options options = lv2_only(folder.path(), elsewhere.path() / "cache");
  CHECK(EffectLibrary(options).listings().size() == 1);
  CHECK(EffectLibrary(options).from_cache());
}
