#include "soundalike/audit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <stop_token>

#include "effect/test_plugins.hpp"
#include "effect/worker_program.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"

using namespace soundalike;

namespace {

AuditOptions quick() {
  AuditOptions options;
  options.rates = {24000.0};
  options.seconds = 0.2;
  options.deadline_seconds = 4.0;  // what dies must have died by then, also on a busy machine
  options.jobs = 2;
  options.renderer.memory_bytes = std::size_t{256} << 20;
  return options;
}

std::vector<AuditRow> audit(const std::vector<EffectListing>& listings, const AuditOptions& options = quick()) {
  std::vector<const EffectListing*> effects;
  for (const EffectListing& listing : listings) effects.push_back(&listing);
  return audit_effects(effects, options);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A listing whose binaries are those of a folder of the test's own.
EffectListing moved_to(const TempFolder& folder) {
  EffectListing listing = test_plugin("gain");
  listing.bundle = folder.path();
  return listing;
}

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

}  // namespace

TEST_CASE("an_audit_finds_what_is_wrong_with_each_effect_and_says_why") {
  struct Expected {
    const char* plugin;
    AuditStatus status;
    const char* reason;
  };
  const std::vector<Expected> all{{"gain", AuditStatus::renders, ""},
                                  {"silent", AuditStatus::silent, "silent"},
                                  {"static-state", AuditStatus::not_repeatable, "twice"},
                                  {"nan", AuditStatus::not_finite, "NaN"},
                                  {"runaway", AuditStatus::runaway, "dBFS"},
                                  {"crash", AuditStatus::crashed, "SIGSEGV"},
                                  {"abort", AuditStatus::crashed, "SIGABRT"},
                                  {"exit", AuditStatus::crashed, "exit status 0"},
                                  {"hog", AuditStatus::crashed, "out of memory"},
                                  {"hang", AuditStatus::hung, "stopped after"},
                                  {"refuses", AuditStatus::does_not_load, "instance"},
                                  {"broken-library", AuditStatus::does_not_load, "Broken Library"},
                                  {"unknown-feature", AuditStatus::does_not_load, "feature"}};
  std::vector<EffectListing> listings;
  for (const Expected& expected : all) listings.push_back(test_plugin(expected.plugin));
  const auto rows = audit(listings);
  REQUIRE(rows.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i].plugin);
    const AuditVerdict& verdict = rows[i].verdicts.at(0);
    CAPTURE(verdict.reason);
    CHECK(to_string(verdict.status) == to_string(all[i].status));
    CHECK(holds(verdict.reason, all[i].reason));
    CHECK(verdict.reason.empty() == (verdict.status == AuditStatus::renders));
    CHECK_FALSE(rows[i].known);
  }
}

TEST_CASE("what_is_no_effect_is_not_audited") {
  CHECK(is_audited(test_plugin("gain")));
  CHECK(is_audited(test_plugin("unknown-feature")));
  for (const char* other : {"instrument", "analyser", "generator"}) CHECK_FALSE(is_audited(test_plugin(other)));
}

TEST_CASE("verdicts_are_taken_from_the_store_unless_asked_for_again") {
  const TempFolder folder;
  AuditOptions options = quick();
  AuditStore store(folder / "audit.cache");
  options.store = &store;
  const std::vector listings{test_plugin("gain"), test_plugin("crash")};
  const auto first = audit(listings, options);
  CHECK_FALSE(first[0].known);
  AuditStore read(folder / "audit.cache");
  options.store = &read;
  const auto second = audit(listings, options);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(second[i].known);
    CHECK(second[i].verdicts[0].status == first[i].verdicts[0].status);
    CHECK(second[i].verdicts[0].reason == first[i].verdicts[0].reason);
  }
  options.rates = {24000.0, 48000.0};  // one of them is new
  CHECK_FALSE(audit(listings, options)[0].known);
  CHECK(audit(listings, options)[0].known);
  options.again = true;
  CHECK_FALSE(audit(listings, options)[0].known);
}

TEST_CASE("a_verdict_holds_as_long_as_the_binary_is_the_same") {
  const TempFolder bundle;
  const TempFolder cache;
  write(bundle / "effect.so", "code");
  const EffectListing listing = moved_to(bundle);
  {
    AuditStore store(cache / "audit.cache");
    CHECK_FALSE(store.find(listing, 48000.0));
    store.put(listing, 48000.0, {AuditStatus::crashed, "SIGSEGV\tat once\n", 0.5f});
    store.save();
  }
  const auto kept = [&] { return AuditStore(cache / "audit.cache").find(listing, 48000.0); };
  REQUIRE(kept());
  CHECK(kept()->status == AuditStatus::crashed);
  CHECK(kept()->reason == "SIGSEGV at once ");
  CHECK(kept()->plugin_seconds == 0.5f);
  CHECK_FALSE(AuditStore(cache / "audit.cache").find(listing, 44100.0));
  std::filesystem::last_write_time(bundle / "effect.so",
                                   std::filesystem::last_write_time(bundle / "effect.so") - std::chrono::hours(1));
  CHECK(kept());  // another time, the same content
  write(bundle / "effect.so", "edoc");
  CHECK_FALSE(kept());
  write(cache / "audit.cache", "no cache at all");
  CHECK_FALSE(kept());
}

TEST_CASE("a_worker_program_that_vanishes_ends_the_audit_and_is_held_against_no_effect") {
  const TempFolder folder;
  const auto program = folder.path() / "worker";
  std::filesystem::copy_file(find_worker_program(), program);
  AuditStore store(folder / "audit.cache");
  AuditOptions options = quick();
  options.jobs = 1;
  options.store = &store;
  options.renderer.worker_program = program.string();
  const std::vector listings{test_plugin("gain"), test_plugin("silent"), test_plugin("nan")};
  std::vector<const EffectListing*> effects;
  for (const EffectListing& listing : listings) effects.push_back(&listing);
  const Thrown gone = thrown_by(
      [&] { audit_effects(effects, options, [&](const ProgressUpdate&) { std::filesystem::remove(program); }); });
  CAPTURE(gone.message);
  CHECK(gone.code == ErrorCode::io);
  CHECK(gone.says("the render worker"));
  // A program that is no worker, or one whose libraries are gone.
  options.renderer.worker_program = "/bin/false";
  const Thrown wrong = thrown_by([&] { audit_effects(effects, options); });
  CAPTURE(wrong.message);
  CHECK(wrong.code == ErrorCode::io);
  CHECK(wrong.says("before it had begun"));
  AuditStore read(folder / "audit.cache");
  REQUIRE(read.find(listings[0], 24000.0));
  CHECK(read.find(listings[0], 24000.0)->status == AuditStatus::renders);
  CHECK_FALSE(read.find(listings[1], 24000.0));
  CHECK_FALSE(read.find(listings[2], 24000.0));
}

TEST_CASE("an_audit_that_is_stopped_says_so") {
  std::stop_source stop;
  stop.request_stop();
  const EffectListing listing = test_plugin("gain");
  const std::vector<const EffectListing*> effects{&listing};
  CHECK(thrown_by([&] { audit_effects(effects, quick(), {}, stop.get_token()); }).code == ErrorCode::cancelled);
}
