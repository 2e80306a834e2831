#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "data/md5.hpp"
#include "fixtures/errors.hpp"
#include "fixtures/http_server.hpp"
#include "fixtures/signals.hpp"
#include "fixtures/tar.hpp"
#include "fixtures/temp_folder.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/collection.hpp"
#include "soundalike/sha256.hpp"

using namespace soundalike;

namespace {

using Files = HttpServer::Files;

const std::string digits_part = "v1.0.9.tar.gz";

std::string wav(std::uint64_t seed) {
  const TempFolder folder;
  write_audio(folder / "a.wav", noise(4000, 8000.0, 1, 0.3, seed), SampleFormat::int16);
  std::ifstream in(folder / "a.wav", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What the digits look like, in small.
std::string digits_archive() {
  std::vector<TarMember> members{{"free-spoken-digit-dataset-1.0.9/README.md", "no audio"}};
  std::uint64_t seed = 0;
  for (const char* speaker : {"george", "theo", "lucas"}) {
    for (int take = 0; take < 2; ++take) {
      members.push_back(
          {std::string("free-spoken-digit-dataset-1.0.9/recordings/7_") + speaker + "_" + std::to_string(take) + ".wav",
           wav(++seed)});
    }
  }
  return tar_of(members);
}

FetchOptions from(const HttpServer& server, const std::string& archive) {
  return {.base_url = server.url(), .sha256 = {{digits_part, sha256_hex(archive)}}, .pause_seconds = 0.0};
}

const Collection& digits() { return find_collection("digits"); }

std::map<std::string, Split> splits_of(const Manifest& manifest) {
  std::map<std::string, Split> out;
  for (const ManifestEntry& entry : manifest.entries) out[entry.group] = entry.split;
  return out;
}

}  // namespace

TEST_CASE("a_collection_is_fetched_unpacked_and_listed_in_a_manifest") {
  const std::string archive = digits_archive();
  HttpServer server(Files{{"/" + digits_part, archive}});
  const TempFolder folder;
  const Fetched fetched = fetch_collection(digits(), folder / "digits", from(server, archive));
  CHECK(fetched.manifest.name == "digits");
  CHECK(fetched.manifest.licence == "CC BY-SA 4.0");
  CHECK(fetched.manifest.entries.size() == 6);
  CHECK(fetched.sha256.at(digits_part) == sha256_hex(archive));
  CHECK(fetched.unverified.empty());
  CHECK(splits_of(fetched.manifest) ==
        std::map<std::string, Split>{{"george", Split::test}, {"lucas", Split::train}, {"theo", Split::validation}});
  CHECK(manifest_for(folder / "digits").digest() == fetched.manifest.digest());
  for (const Split split : splits) {
    for (const Recording& recording : recordings(fetched.manifest, split)) {
      CHECK(read_audio(recording.file).frames() == 4000);
    }
  }
  CHECK_FALSE(std::filesystem::exists(folder / "digits/.fetch" / digits_part));

  const auto again = fetch_collection(digits(), folder / "digits", from(server, archive));
  CHECK(again.manifest.digest() == fetched.manifest.digest());
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a_broken_connection_goes_on_where_it_stopped") {
  const std::string archive = digits_archive();
  HttpServer server(Files{{"/" + digits_part, archive}});
  server.drop_after({1000, 0, 2345});
  const TempFolder folder;
  CHECK(fetch_collection(digits(), folder.path(), from(server, archive)).manifest.entries.size() == 6);
  const std::string path = "/" + digits_part + " ";
  CHECK(server.requests() == std::vector<std::string>{path + "0", path + "1000", path + "1000", path + "3345"});
}

TEST_CASE("an_interrupted_run_is_continued_by_the_next") {
  const std::string archive = digits_archive();
  HttpServer server(Files{{"/" + digits_part, archive}});
  server.drop_after({5000});
  const TempFolder folder;
  FetchOptions options = from(server, archive);
  options.tries = 1;
  const Thrown thrown = thrown_by([&] { fetch_collection(digits(), folder.path(), options); });
  CHECK(thrown.code == ErrorCode::io);
  CHECK(thrown.says("5000 bytes are here"));
  CHECK(fetch_collection(digits(), folder.path(), options).manifest.entries.size() == 6);
  CHECK(server.requests().back() == "/" + digits_part + " 5000");
}

TEST_CASE("a_server_without_ranges_sends_all_again_and_a_complete_file_is_not_asked_for_twice") {
  const std::string archive = digits_archive();
  HttpServer server(Files{{"/" + digits_part, archive}});
  server.ignore_ranges();
  server.drop_after({1000});
  const TempFolder folder;
  CHECK(fetch_collection(digits(), folder.path(), from(server, archive)).manifest.entries.size() == 6);

  HttpServer other(Files{{"/" + digits_part, archive}});
  const TempFolder whole;
  std::filesystem::create_directories(whole / ".fetch");
  std::ofstream(whole / (".fetch/" + digits_part), std::ios::binary) << archive;
  CHECK(fetch_collection(digits(), whole.path(), from(other, archive)).manifest.entries.size() == 6);
}

TEST_CASE("a_wrong_checksum_is_refused_and_the_next_try_begins_anew") {
  const std::string archive = digits_archive();
  HttpServer server(Files{{"/" + digits_part, archive}});
  const TempFolder folder;
  FetchOptions options = from(server, archive);
  options.sha256[digits_part][0] ^= 1;
  const Thrown thrown = thrown_by([&] { fetch_collection(digits(), folder.path(), options); });
  CHECK(thrown.code == ErrorCode::bad_audio);
  CHECK(thrown.says("SHA-256"));
  CHECK_FALSE(std::filesystem::exists(folder / "free-spoken-digit-dataset-1.0.9"));
  CHECK(fetch_collection(digits(), folder.path(), from(server, archive)).manifest.entries.size() == 6);
  CHECK(server.requests() == std::vector<std::string>(2, "/" + digits_part + " 0"));
}

TEST_CASE("published_sizes_and_sums_are_checked_without_any_option") {
  HttpServer server(Files{{"/" + digits_part, digits_archive()}, {"/daps.tar.gz", "x"}});
  const TempFolder folder, other;
  const FetchOptions options{.base_url = server.url(), .pause_seconds = 0.0};
  CHECK(thrown_by([&] { fetch_collection(digits(), folder.path(), options); }).says("11975353 were published"));
  CHECK(
      thrown_by([&] { fetch_collection(find_collection("daps"), other.path(), options); }).says("its MD5 is 9dd4e461"));
}

TEST_CASE("what_the_server_does_not_have_is_said_with_its_address") {
  HttpServer server(Files{});
  const TempFolder folder;
  const Thrown thrown = thrown_by([&] { fetch_collection(digits(), folder.path(), {.base_url = server.url()}); });
  CHECK(thrown.code == ErrorCode::not_found);
  CHECK(thrown.says(server.url() + "/" + digits_part));
  CHECK(thrown.says("404"));
  CHECK(server.requests().size() == 1);
}

TEST_CASE("a_busy_server_is_asked_again_and_a_forbidding_one_is_not") {
  const std::string archive = digits_archive();
  HttpServer server(Files{{"/" + digits_part, archive}});
  server.fail_with({503, 500});
  const TempFolder folder, other;
  CHECK(fetch_collection(digits(), folder.path(), from(server, archive)).manifest.entries.size() == 6);
  server.fail_with({403});
  CHECK(thrown_by([&] { fetch_collection(digits(), other.path(), from(server, archive)); }).says("403"));
  CHECK(server.requests().size() == 4);
}

TEST_CASE("nobody_listening_is_an_error_after_the_tries") {
  std::string nowhere;
  {
    const HttpServer gone(Files{});
    nowhere = gone.url();
  }
  const TempFolder folder;
  const Thrown thrown = thrown_by(
      [&] { fetch_collection(digits(), folder.path(), {.base_url = nowhere, .tries = 2, .pause_seconds = 0.0}); });
  CHECK(thrown.code == ErrorCode::io);
  CHECK(thrown.says("0 bytes are here"));
}

TEST_CASE("local_files_and_other_protocols_are_not_fetched") {
  const TempFolder folder;
  const Thrown thrown =
      thrown_by([&] { fetch_collection(digits(), folder.path(), {.base_url = "file:///etc", .pause_seconds = 0.0}); });
  CHECK(thrown.code == ErrorCode::io);
}

TEST_CASE("an_archive_without_recordings_or_with_evil_ones_leaves_no_manifest") {
  for (const auto& members : {std::vector<TarMember>{{"a.wav", "x"}},
                              std::vector<TarMember>{{"x/recordings/7_theo_1.wav", "", '2', "/etc/passwd"}},
                              std::vector<TarMember>{{"../recordings/7_theo_1.wav", "x"}}}) {
    const std::string archive = tar_of(members);
    HttpServer server(Files{{"/" + digits_part, archive}});
    const TempFolder folder;
    CHECK(thrown_by([&] { fetch_collection(digits(), folder.path(), from(server, archive)); }).code ==
          ErrorCode::bad_audio);
    CHECK_FALSE(std::filesystem::exists(folder / std::string(manifest_file_name)));
  }
}

TEST_CASE("a_stop_ends_the_fetch_and_another_collection_does_not_mix_in") {
  const std::string archive = digits_archive();
  HttpServer server(Files{{"/" + digits_part, archive}});
  const TempFolder folder;
  std::stop_source stop;
  stop.request_stop();
  FetchOptions options = from(server, archive);
  options.stop = stop.get_token();
  CHECK(thrown_by([&] { fetch_collection(digits(), folder.path(), options); }).code == ErrorCode::cancelled);

  fetch_collection(digits(), folder.path(), from(server, archive));
  const Thrown mixed = thrown_by([&] { fetch_collection(find_collection("vctk"), folder.path(), {}); });
  CHECK(mixed.code == ErrorCode::invalid_argument);
  CHECK(mixed.says("holds 'digits'"));
}

TEST_CASE("every_collection_knows_its_groups_and_wants_nothing_else") {
  struct Row {
    const char* collection;
    const char* path;
    const char* group;  // null: not wanted
    std::optional<Split> split;
  };
  const Row rows[] = {
      {"vctk", "VCTK-Corpus-0.92/wav48_silence_trimmed/p225/p225_001_mic1.flac", "p225", std::nullopt},
      {"vctk", "wav48_silence_trimmed/s5/s5_400_mic2.flac", "s5", std::nullopt},
      {"vctk", "wav48_silence_trimmed/log.txt", nullptr, std::nullopt},
      {"daps", "daps/cleanraw/f1_script1_cleanraw.wav", "f1", std::nullopt},
      {"daps", "daps/cleanraw/._f1_script1_cleanraw.wav", nullptr, std::nullopt},
      {"daps", "daps/ipad_office1/f1_script1_ipad_office1.wav", nullptr, std::nullopt},
      {"musdb18-hq", "train/A - B/mixture.wav", "A - B", std::nullopt},
      {"musdb18-hq", "musdb18hq/test/C - D/mixture.wav", "C - D", Split::test},
      {"musdb18-hq", "train/A - B/vocals.wav", nullptr, std::nullopt},
      {"libritts", "LibriTTS/train-clean-100/103/1240/103_1240_000000_000001.wav", "103", Split::train},
      {"libritts", "LibriTTS/dev-clean/84/121123/84_121123_000007_000001.wav", "84", Split::validation},
      {"libritts", "LibriTTS/test-other/367/130732/367_130732_000001_000000.wav", "367", Split::test},
      {"libritts", "LibriTTS/dev-clean/84/121123/84_121123_000007_000001.normalized.txt", nullptr, std::nullopt},
      {"mtg-jamendo", "48/948.low.mp3", "948", std::nullopt},
      {"digits", "free-spoken-digit-dataset-1.0.9/recordings/0_theo_3.wav", "theo", Split::validation},
      {"digits", "free-spoken-digit-dataset-1.0.9/setup.py", nullptr, std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const auto place = find_collection(row.collection).place(row.path);
    REQUIRE(place.has_value() == (row.group != nullptr));
    if (!place) continue;
    CHECK(place->group == row.group);
    CHECK(place->split == row.split);
  }
  CHECK(
      thrown_by([] { find_collection("nope"); }).says("known: vctk, daps, musdb18-hq, libritts, mtg-jamendo, digits"));
}

TEST_CASE("parts_are_chosen_by_name_and_a_later_part_moves_no_group") {
  const std::string dev = tar_of({{"LibriTTS/dev-clean/84/1/84_1_000007_000001.wav", wav(1)}});
  const std::string test = tar_of({{"LibriTTS/test-clean/61/1/61_1_000007_000001.wav", wav(2)}});
  HttpServer server(Files{{"/dev-clean.tar.gz", dev}, {"/test-clean.tar.gz", test}});
  const TempFolder folder;
  FetchOptions options{.base_url = server.url(),
                       .parts = {"dev-clean"},
                       .sha256 = {{"dev-clean.tar.gz", sha256_hex(dev)}, {"test-clean.tar.gz", sha256_hex(test)}}};
  const Collection& libritts = find_collection("libritts");
  CHECK(splits_of(fetch_collection(libritts, folder.path(), options).manifest) ==
        std::map<std::string, Split>{{"84", Split::validation}});
  options.parts = {"test-clean.tar.gz"};
  CHECK(splits_of(fetch_collection(libritts, folder.path(), options).manifest) ==
        std::map<std::string, Split>{{"61", Split::test}, {"84", Split::validation}});
  options.parts = {"train"};
  CHECK(
      thrown_by([&] { fetch_collection(libritts, folder.path(), options); }).says("no part 'train'; known: dev-clean"));
}

TEST_CASE("a_collection_with_a_test_set_keeps_the_rest_out_of_it") {
  std::vector<TarMember> members{{"test/Z/mixture.wav", wav(99)}};
  for (int i = 0; i < 20; ++i) members.push_back({"train/Song " + std::to_string(i) + "/mixture.wav", wav(i)});
  const std::string archive = tar_of(members);
  HttpServer server(Files{{"/musdb18hq.zip", archive}});
  const TempFolder folder;
  const auto fetched = fetch_collection(find_collection("musdb18-hq"), folder.path(),
                                        {.base_url = server.url(), .sha256 = {{"musdb18hq.zip", sha256_hex(archive)}}});
  CHECK(recordings(fetched.manifest, Split::test).size() == 1);
  CHECK(recordings(fetched.manifest, Split::validation).size() == 2);
  CHECK(recordings(fetched.manifest, Split::train).size() == 18);
}

TEST_CASE("md5_gives_the_sums_of_its_standard") {
  const TempFolder folder;  // RFC 1321, A.5
  const auto sum = [&](const std::string& text) {
    std::ofstream(folder / "x", std::ios::binary) << text;
    return md5_of_file(folder / "x");
  };
  CHECK(sum("") == "d41d8cd98f00b204e9800998ecf8427e");
  CHECK(sum("abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(sum("12345678901234567890123456789012345678901234567890123456789012345678901234567890") ==
        "57edf4a22be3c955ac49da2e2107b67a");
  CHECK(sum(std::string(1 << 16, 'a')) == "2d61aa54b58c2e94403fb092c3dbc027");  // md5sum of coreutils
}
