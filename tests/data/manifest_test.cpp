#include "soundalike/manifest.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <set>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"

using namespace soundalike;

namespace {

std::filesystem::path write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

// Names chosen so that all three splits occur.
void fill(const TempFolder& folder) {
  for (const char* name : {"command_001.wav", "command_002.wav", "deep/command_004.flac", "0_george_0.ogg"}) {
    write(folder / name, std::string("bytes of ") + name);
  }
}

std::string document(const std::string& row) {
  return R"({"format": 1, "name": "x", "licence": "", "recordings": [)" + row + "]}";
}

}  // namespace

TEST_CASE("file_digest_is_sha256") {
  // FIPS 180-4 and NIST's example values.
  const TempFolder folder;
  CHECK(file_digest(write(folder / "empty", "")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(file_digest(write(folder / "abc", "abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(file_digest(write(folder / "two", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(file_digest(write(folder / "million", std::string(1000000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(thrown_by([&] { file_digest(folder / "none"); }).code == ErrorCode::not_found);
}

TEST_CASE("a_manifest_follows_the_split_rule_when_it_is_made_and_reads_back_equal") {
  const TempFolder folder;
  fill(folder);
  const Manifest made = manifest_for(folder.path());
  REQUIRE(made.entries.size() == 4);
  std::map<std::string, Split> splits_by_file;
  for (const ManifestEntry& entry : made.entries) {
    CHECK(entry.split == split_of(entry.file));
    CHECK(entry.group == source_group(entry.file));
    CHECK(entry.digest == file_digest(folder / entry.file));
    splits_by_file[entry.file] = entry.split;
  }
  CHECK(splits_by_file["deep/command_004.flac"] == Split::validation);
  const Manifest read = read_manifest(folder / std::string(manifest_file_name));
  CHECK(read.digest() == made.digest());
  CHECK(read.name == folder.path().filename().string());
  CHECK(recordings(read, Split::train).size() == 1);
  CHECK(recordings(read, Split::train)[0].file == folder / "command_002.wav");
}

TEST_CASE("a_manifest_once_there_decides_whatever_comes_later") {
  const TempFolder folder;
  fill(folder);
  Manifest manifest = manifest_for(folder.path());
  for (ManifestEntry& entry : manifest.entries) entry.split = Split::test;
  write_manifest(folder / std::string(manifest_file_name), manifest);
  write(folder / "command_002_more.wav", "new");
  const Manifest again = manifest_for(folder.path());
  CHECK(again.entries.size() == 4);
  CHECK(recordings(again, Split::train).empty());
  CHECK(recordings(again, Split::test).size() == 4);
}

TEST_CASE("a_manifest_elsewhere_still_means_files_of_the_folder") {
  const TempFolder folder, elsewhere;
  fill(folder);
  manifest_for(folder.path(), elsewhere / "m.json");
  CHECK_FALSE(std::filesystem::exists(folder / std::string(manifest_file_name)));
  const Manifest read = manifest_for(folder.path(), elsewhere / "m.json");
  for (const Recording& recording : recordings(read, Split::test)) CHECK(std::filesystem::exists(recording.file));
}

TEST_CASE("the_digest_of_a_manifest_changes_with_any_byte_split_group_or_name_and_not_with_the_place") {
  const TempFolder folder, other;
  fill(folder);
  const Manifest made = make_manifest(Corpus(folder.path()));
  std::set<std::string> digests{made.digest()};
  const auto changed = [&](auto change) {
    Manifest copy = made;
    change(copy);
    CHECK(digests.insert(copy.digest()).second);
  };
  changed([](Manifest& m) { m.entries[0].digest[5] ^= 1; });
  changed([](Manifest& m) { m.entries[0].split = m.entries[0].split == Split::test ? Split::train : Split::test; });
  changed([](Manifest& m) { m.entries[0].group += "x"; });
  changed([](Manifest& m) { m.entries.pop_back(); });
  changed([](Manifest& m) { m.name = "other"; });
  Manifest moved = made;
  moved.folder = other.path();
  CHECK(moved.digest() == made.digest());
}

TEST_CASE("manifests_that_cannot_be_trusted_are_refused_by_name") {
  const TempFolder folder;
  const std::string row = R"({"file": "a.wav", "digest": "d", "group": "g", "split": "train"})";
  const std::map<std::string, std::string> broken{
      {"", "not a JSON object"},
      {"[1]", "not a JSON object"},
      {R"({"format": 2})", "'format' must be 1"},
      {document(""), "at least one entry"},
      {document("5"), "must be an object"},
      {document(R"({"file": "a.wav", "digest": "d", "group": "g"})"), "'split' must be a text"},
      {document(R"({"file": "a.wav", "digest": "d", "group": "g", "split": "dev"})"), "unknown split 'dev'"},
      {document(R"({"file": "../a.wav", "digest": "d", "group": "g", "split": "train"})"), "leads out"},
      {document(R"({"file": "/etc/a.wav", "digest": "d", "group": "g", "split": "train"})"), "leads out"},
      {document(row + R"(,{"file": "b.wav", "digest": "d", "group": "g", "split": "test"})"),
       "group 'g' is in two splits"},
      {document(row + "," + row), "listed twice"}};
  for (const auto& [text, reason] : broken) {
    const auto& shown = text;  // lambdas of Clang 14 take no structured bindings
    CAPTURE(shown);
    const auto file = write(folder / "m.json", text);
    const Thrown thrown = thrown_by([&] { read_manifest(file); });
    CHECK(thrown.code == ErrorCode::invalid_argument);
    CHECK(thrown.says(file.string()));
    CHECK(thrown.says(reason));
  }
  CHECK_NOTHROW(read_manifest(write(folder / "m.json", document(row))));
  CHECK(thrown_by([&] { read_manifest(folder / "none.json"); }).code == ErrorCode::not_found);
}

TEST_CASE("data_that_was_heard_in_training_is_refused_by_bytes_anywhere_and_by_group_in_the_same_collection") {
  const Manifest trained{.name = "a",
                         .entries = {{"1.wav", "d1", "g1", Split::train},
                                     {"2.wav", "d2", "g2", Split::validation},
                                     {"3.wav", "d3", "g3", Split::test}}};
  const ManifestEntry same_bytes{"x.wav", "d1", "new", Split::test}, same_group{"y.wav", "d9", "g2", Split::test},
      held_out{"z.wav", "d3", "g3", Split::test};
  CHECK(heard_in_training(trained, "b", same_bytes));
  CHECK(heard_in_training(trained, "a", same_group));
  CHECK_FALSE(heard_in_training(trained, "b", same_group));
  CHECK_FALSE(heard_in_training(trained, "a", held_out));

  CHECK_NOTHROW(refuse_heard(trained, trained, Split::test));
  const Thrown thrown = thrown_by([&] {
    refuse_heard(trained, {.name = "a", .entries = {held_out, same_bytes, same_group}}, Split::test);
  });
  CHECK(thrown.code == ErrorCode::invalid_argument);
  CHECK(thrown.says("2 of its 3 recordings"));
  CHECK(thrown.says("'x.wav'"));
  CHECK_NOTHROW(refuse_heard(trained, {.name = "b", .entries = {held_out, same_group}}, Split::test));
}

TEST_CASE("sharing_out_gives_every_split_its_part_whatever_the_order") {
  std::vector<std::string> groups;
  for (int i = 0; i < 100; ++i) groups.push_back("speaker " + std::to_string(i));
  const auto shared = share_out(groups);
  CHECK(std::ranges::count(shared, Split::test) == 20);
  CHECK(std::ranges::count(shared, Split::validation) == 10);
  std::vector<std::string> reversed(groups.rbegin(), groups.rend());
  auto again = share_out(reversed);
  std::ranges::reverse(again);
  CHECK(again == shared);
  for (const Split split : splits) {
    CHECK(std::ranges::count(share_out(std::vector<std::string>{"a", "b", "c"}), split) == 1);
  }
  CHECK(share_out(std::vector<std::string>{"a"}) == std::vector{Split::train});
}
