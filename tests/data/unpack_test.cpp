#include "data/unpack.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "fixtures/errors.hpp"
#include "fixtures/packed.hpp"
#include "fixtures/tar.hpp"
#include "fixtures/temp_folder.hpp"

using namespace soundalike;

namespace {

std::filesystem::path archive(const TempFolder& folder, const std::string& bytes) {
  std::ofstream(folder / "a.tar", std::ios::binary) << bytes;
  return folder / "a.tar";
}

UnpackOptions everything() {
  return {.wanted = [](const std::filesystem::path&) { return true; }};
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A refused archive leaves nothing in the folder and nothing outside.
Thrown refused(const std::string& bytes, UnpackOptions options = everything()) {
  const TempFolder folder;
  std::filesystem::create_directory(folder / "to");
  const auto file = archive(folder, bytes);
  const Thrown thrown = thrown_by([&] { unpack(file, folder / "to", options); });
  CHECK(folder.entries() == 2);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "to")) CHECK(entry.is_directory());
  return thrown;
}

}  // namespace

TEST_CASE("wanted_files_are_unpacked_under_their_paths_and_others_are_not") {
  const TempFolder folder;
  const auto file = archive(folder, tar_of({{"top/", "", '5'},
                                            {"top/a.wav", "one"},
                                            {"./top/b/c.wav", std::string(5000, 'x')},
                                            {"top/notes.txt", "no"},
                                            {"link.txt", "", '2', "/etc/passwd"}}));
  const std::size_t count =
      unpack(file, folder / "to", {.wanted = [](const auto& path) { return path.extension() == ".wav"; }});
  CHECK(count == 2);
  CHECK(text_of(folder / "to/top/a.wav") == "one");
  CHECK(text_of(folder / "to/top/b/c.wav") == std::string(5000, 'x'));
  CHECK_FALSE(std::filesystem::exists(folder / "to/top/notes.txt"));
  CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(folder / "to/link.txt")));
}

TEST_CASE("gzipped_tar_and_zip_are_unpacked_alike") {
  std::string bytes;
  for (int i = 0; i < 70000; ++i) bytes.push_back(static_cast<char>(i * 7 % 251));
  for (const std::string& packed : {packed::gzip(tar_of({{"a/b.wav", bytes}})), packed::zip("a/b.wav", bytes)}) {
    const TempFolder folder;
    CHECK(unpack(archive(folder, packed), folder / "to", everything()) == 1);
    CHECK(text_of(folder / "to/a/b.wav") == bytes);
  }
  std::string gzip = packed::gzip(tar_of({{"a/b.wav", bytes}}));
  gzip[10 + 5 + 60000 + 3] ^= 1;  // the second block no longer says its length twice
  CHECK(refused(gzip).code == ErrorCode::bad_audio);
  std::string zip = packed::zip("a/b.wav", bytes);
  zip[5000] ^= 1;  // other bytes than its checksum is of
  CHECK(refused(zip).code == ErrorCode::bad_audio);
  CHECK(refused(packed::zip("../b.wav", bytes)).says("leads out"));
}

TEST_CASE("paths_that_lead_out_of_the_folder_are_refused_even_when_nobody_wants_them") {
  UnpackOptions nothing{.wanted = [](const std::filesystem::path&) { return false; }};
  for (const char* path : {"../evil.wav", "a/../../evil.wav", "/tmp/evil.wav", "a/.."}) {
    CAPTURE(path);
    const Thrown thrown = refused(tar_of({{path, "x"}}), nothing);
    CHECK(thrown.code == ErrorCode::bad_audio);
    CHECK(thrown.says("leads out"));
  }
}

TEST_CASE("links_where_a_file_is_wanted_are_refused") {
  CHECK(refused(tar_of({{"a.wav", "", '2', "/etc/passwd"}})).says("link"));
  CHECK(refused(tar_of({{"a.wav", "", '1', "/etc/passwd"}})).says("link"));
}

TEST_CASE("absurd_sizes_are_refused") {
  UnpackOptions small = everything();
  small.largest_file = 999;
  CHECK(refused(tar_of({{"a.wav", std::string(1000, 'x')}}), small).says("absurd"));
  UnpackOptions ratio = everything();
  ratio.always = 0;
  ratio.largest_ratio = 0.1;
  CHECK(refused(tar_of({{"a.wav", std::string(1000, 'x')}}), ratio).says("absurd"));
}

TEST_CASE("a_damaged_or_cut_off_archive_is_refused") {
  const std::string whole = tar_of({{"a.wav", std::string(5000, 'x')}});
  CHECK(refused(whole.substr(0, 2000)).code == ErrorCode::bad_audio);
  CHECK(refused("this is not an archive, whatever its name says").code == ErrorCode::bad_audio);
  CHECK(refused(std::string(2000, '\x01')).code == ErrorCode::bad_audio);
}
