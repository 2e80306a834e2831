#include "soundalike/heard.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "fixtures/errors.hpp"
#include "fixtures/temp_folder.hpp"

using namespace soundalike;

namespace {

void touch(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

}  // namespace

TEST_CASE("a_folder_s_own_manifest_decides_the_splits_and_none_is_written_where_there_is_none") {
  const TempFolder folder;
  touch(folder / "a_1.wav", "one");
  touch(folder / "a_2.wav", "two");
  const std::vector folders{folder.path()};
  const auto by_name = manifests_of(folders);
  CHECK_FALSE(std::filesystem::exists(folder / std::string(manifest_file_name)));
  for (const auto& entry : by_name[0].entries) CHECK(entry.split == split_of(entry.file));

  write_manifest(folder / std::string(manifest_file_name), {.name = "own",
                                                            .entries = {{"a_1.wav", "d1", "g1", Split::test},
                                                                        {"a_2.wav", "d2", "g2", Split::validation},
                                                                        {"gone.wav", "d3", "g3", Split::validation}}});
  const auto own = manifests_of(folders);
  CHECK(files_of(own, Split::train).empty());
  CHECK(files_of(own, Split::validation) == std::vector{folder / "a_2.wav"});
  CHECK(files_of(own, Split::test) == std::vector{folder / "a_1.wav"});
}

TEST_CASE("a_model_s_metadata_lets_it_be_refused_on_what_it_heard_and_only_there") {
  const Manifest data{.name = "songs",
                      .entries = {{"1.wav", std::string(64, 'a'), "g1", Split::train},
                                  {"2.wav", std::string(64, 'b'), "g2", Split::validation},
                                  {"3.wav", std::string(64, 'c'), "g3", Split::test}}};
  const std::string heard = heard_json(std::vector{data});
  CHECK(heard.find(data.digest()) != std::string::npos);
  const auto trained = heard_by("{\"heard\":" + heard + "}");
  REQUIRE(trained.size() == 1);
  CHECK_NOTHROW(refuse_heard(trained[0], data, Split::test));
  CHECK(thrown_by([&] { refuse_heard(trained[0], data, Split::train); }).says("1 of its 1 recordings, first '1.wav'"));
  CHECK(thrown_by([&] { refuse_heard(trained[0], data, Split::validation); }).says("'2.wav'"));

  const auto renamed = [](const char* file, const std::string& digest, const char* group) {
    return Manifest{.name = "others", .entries = {{file, digest, group, Split::test}}};
  };
  CHECK(thrown_by([&] {
          refuse_heard(trained[0], renamed("x.wav", std::string(64, 'b'), "h"), Split::test);
        }).says("'x.wav': it is a recording of 'songs'"));
  CHECK_NOTHROW(refuse_heard(trained[0], renamed("y.wav", std::string(64, 'd'), "g1"), Split::test));

  CHECK(heard_by("{}").empty());
  for (const char* broken : {"no", R"({"heard": 5})", R"({"heard": [{}]})", R"({"heard": [{"name": 1}]})"}) {
    CAPTURE(broken);
    CHECK(thrown_by([&] { heard_by(broken); }).code == ErrorCode::invalid_argument);
  }
}
