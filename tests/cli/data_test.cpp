// `soundalike data ...`, end to end; fetching from a server of the test's own.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "cli/recordings.hpp"
#include "cli/run_program.hpp"
#include "fixtures/http_server.hpp"
#include "fixtures/tar.hpp"

namespace {

namespace fs = std::filesystem;
using program::Run;
using program::soundalike;
using program::TempFolder;

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string digits_archive() {
  const TempFolder folder;
  std::vector<TarMember> members;
  for (int take = 0; take < 2; ++take) {
    for (const char* speaker : {"george", "theo", "lucas"}) {
      program::write_wav(folder / "a.wav", recordings::tune(8000, 1.5, static_cast<int>(members.size())), 8000);
      members.push_back({"digits-1/recordings/" + std::to_string(take) + "_" + speaker + "_0.wav",
                         recordings::bytes_of(folder / "a.wav")});
    }
  }
  return tar_of(members);
}

// One line on standard error that names the folder.
void refused(const Run& run, int status, const fs::path& folder, std::string_view reason) {
  CAPTURE(run.err);
  CHECK(run.status == status);
  CHECK(run.err.starts_with("soundalike: "));
  CHECK(run.err.find('\n') == run.err.size() - 1);
  CHECK(holds(run.err, folder.string()));
  CHECK(holds(run.err, reason));
}

}  // namespace

TEST_CASE("data_is_fetched_from_a_mirror_interrupted_continued_and_checked") {
  const std::string part = "v1.0.9.tar.gz", archive = digits_archive();
  const TempFolder folder;
  const std::string to = (folder / "digits").string();
  fs::create_directory(to);
  // The sum is not known beforehand: the program tells it when it refuses the file.
  HttpServer server(HttpServer::Files{{"/" + part, archive}});
  const auto fetch = [&](const std::string& sum) {
    return soundalike({"data", "fetch", "digits", "--to", to, "--base-url", server.url(), "--sha256", part + "=" + sum,
                       "--json", "--no-progress"});
  };
  const Run wrong = fetch(std::string(64, '0'));
  CHECK(wrong.status == 4);
  const std::string marker = "its SHA-256 is ";
  const std::size_t at = wrong.err.find(marker);
  REQUIRE(at != std::string::npos);
  const std::string sum = wrong.err.substr(at + marker.size(), 64);

  server.drop_after({1000});
  const Run run = fetch(sum);
  CAPTURE(run.err);
  REQUIRE(run.status == 0);
  CHECK(server.requests().back() == "/" + part + " 1000");
  CHECK(run.json()["sha256"][part] == sum);
  CHECK(run.json()["manifest"]["recordings"] == 6);
  CHECK(run.json()["manifest"]["splits"]["test"]["groups"] == 1);

  const Run check = soundalike({"data", "check", to, "--json"});
  CHECK(check.status == 0);
  CHECK(check.json()["usable"] == 6);
  CHECK(check.json()["sample_rates"]["8000"] == 6);
  CHECK(check.json()["manifest"]["digest"] == run.json()["manifest"]["digest"]);
  CHECK(check.json()["splits"]["validation"]["seconds"] == 3.0);
}

TEST_CASE("what_cannot_be_fetched_ends_with_one_line") {
  HttpServer server(HttpServer::Files{});
  const TempFolder folder;
  const Run missing =
      soundalike({"data", "fetch", "vctk", "--to", (folder / "a").string(), "--base-url", server.url()});
  CHECK(missing.status == 3);
  CHECK(holds(missing.err, "404"));
  const Run unknown = soundalike({"data", "fetch", "nothing", "--to", (folder / "a").string()});
  CHECK(unknown.status == 2);
  CHECK(holds(unknown.err, "vctk"));
  const Run part = soundalike({"data", "fetch", "libritts", "--to", (folder / "b").string(), "--part", "x"});
  CHECK(part.status == 3);
  CHECK(holds(part.err, "train-clean-100"));
}

TEST_CASE("every_collection_is_listed_with_its_licence_and_a_checksum_for_every_part") {
  const Run run = soundalike({"data", "list", "--json"});
  CHECK(run.status == 0);
  CHECK(run.json()["collections"].size() == 6);
  for (const auto& collection : run.json()["collections"]) {
    CHECK(!collection["licence"].get<std::string>().empty());
    CHECK(collection["url"].get<std::string>().starts_with("https://"));
    CHECK(!collection["parts"].empty());
    for (const auto& part : collection["parts"]) {
      CHECK((part.contains("sha256") ? part["sha256"].get<std::string>().size() == 64
                                     : part["md5"].get<std::string>().size() == 32));
    }
  }
  CHECK(holds(soundalike({"data", "list"}).out, "CC BY-SA 4.0"));
}

TEST_CASE("synthetic_material_passes_its_own_check_and_does_not_overwrite") {
  const TempFolder folder;
  const std::string to = (folder / "made").string();
  const std::vector<std::string> words{"data", "synth",  "--to", to,      "--minutes",     "2",     "--voices",
                                       "3",    "--rate", "8000", "--own", "--no-progress", "--json"};
  const Run run = soundalike(words);
  CAPTURE(run.err);
  REQUIRE(run.status == 0);
  CHECK(run.json()["made_by"]["soundalike"] == 6);
  CHECK(run.json()["made_by"]["espeak-ng"] == 0);
  const Run check = soundalike({"data", "check", to, "--no-progress"});
  CHECK(check.status == 0);
  CHECK(holds(check.out, "at 8000 Hz"));
  CHECK(holds(check.out, run.json()["manifest"]["digest"].get<std::string>()));
  CHECK(check.err.empty());
  refused(soundalike(words), 2, to, "not an empty folder");
}

TEST_CASE("a_split_is_decided_once") {
  const TempFolder folder;
  fs::create_directory(folder / "r");
  for (int i = 0; i < 10; ++i) {
    program::write_wav(folder / ("r/take_" + std::to_string(i) + ".wav"), recordings::tune(8000, 1.1, i), 8000);
  }
  const std::string path = (folder / "r").string();
  const Run first = soundalike({"data", "split", path, "--json"});
  CHECK(first.status == 0);
  CHECK(first.json()["written"] == true);
  CHECK(first.json()["manifest"]["recordings"] == 10);
  program::write_wav(folder / "r/take_10.wav", recordings::tune(8000, 1.1, 10), 8000);
  const Run again = soundalike({"data", "split", path, "--json"});
  CHECK(again.json()["written"] == false);
  CHECK(again.json()["manifest"] == first.json()["manifest"]);
  const Run check = soundalike({"data", "check", path});
  CHECK(check.status == 0);
  CHECK(holds(check.err, "0 recordings missing, 0 changed, 1 not listed"));
}

TEST_CASE("folders_of_nothing_useful_end_with_one_line_that_says_why") {
  const TempFolder folder;
  for (const char* name : {"empty", "brief", "silent", "broken"}) fs::create_directory(folder / name);
  for (const char* name : {"a.wav", "b.wav"}) {
    program::write_wav(folder / "brief" / name, recordings::tune(8000, 0.5, 1), 8000);
    program::write_wav(folder / "silent" / name, std::vector<float>(16000), 8000);
    std::ofstream(folder / "broken" / name) << "no";
  }
  const auto check = [&](const char* name) {
    return soundalike({"data", "check", (folder / name).string(), "--no-progress"});
  };
  refused(check("empty"), 2, folder / "empty", "no audio");
  refused(check("brief"), 2, folder / "brief", "all 2 recordings are shorter than 1 s");
  refused(check("silent"), 2, folder / "silent", "all 2 recordings are silent");
  refused(check("broken"), 2, folder / "broken", "none of its 2 files can be read");
  refused(check("missing"), 3, folder / "missing", "no such folder");
}

TEST_CASE("copies_that_cross_splits_are_warned_about") {
  const TempFolder folder;
  program::write_wav(folder / "command_001.wav", recordings::tune(8000, 1.5, 1), 8000);
  fs::copy_file(folder / "command_001.wav", folder / "command_002.wav");
  program::write_wav(folder / "command_004.wav", recordings::tune(8000, 1.5, 2), 8000);
  const Run run = soundalike({"data", "check", folder.path().string()});
  CHECK(run.status == 0);
  CHECK(holds(run.err, "copies in another split"));
}
