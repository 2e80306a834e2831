#include "base/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <optional>
#include <string>

#include "fixtures/errors.hpp"

namespace fs = std::filesystem;
using soundalike::ErrorCode;
using soundalike::TemporaryFolder;

TEST_CASE("a_temporary_folder_is_new_empty_named_after_its_prefix_and_closed_to_others") {
  const TemporaryFolder one("soundalike-test"), other("soundalike-test");
  CHECK(one.path() != other.path());
  CHECK(one.path().parent_path() == fs::temp_directory_path());
  CHECK(one.path().filename().string().starts_with("soundalike-test-"));
  CHECK(fs::is_empty(one.path()));
  CHECK(fs::status(one.path()).permissions() == fs::perms::owner_all);
}

TEST_CASE("a_temporary_folder_goes_with_all_it_holds_and_its_parent_stays") {
  const TemporaryFolder parent("soundalike-test");
  std::optional<TemporaryFolder> folder;
  folder.emplace("part", parent.path());
  const fs::path path = folder->path();
  CHECK(path.parent_path() == parent.path());
  fs::create_directories(*folder / "a/b");
  std::ofstream(*folder / "a/b/file") << "text";
  REQUIRE(fs::exists(path / "a/b/file"));
  folder.reset();
  CHECK_FALSE(fs::exists(path));
  CHECK(fs::exists(parent.path()));
}

TEST_CASE("a_temporary_folder_in_one_that_does_not_exist_says_so") {
  const TemporaryFolder parent("soundalike-test");
  const fs::path absent = parent / "absent";
  const Thrown thrown = thrown_by([&] { const TemporaryFolder folder("part", absent); });
  CHECK(thrown.code == ErrorCode::io);
  CHECK(thrown.says(absent.string()));
  CHECK(thrown.says("No such file"));
}
