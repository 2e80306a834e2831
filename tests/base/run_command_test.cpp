#include "base/run_command.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stop_token>
#include <string>

using namespace soundalike;

namespace {

constexpr double ample = 60.0;

}  // namespace

TEST_CASE("a_command_is_heard_and_its_end_is_told") {
  const CommandEnd end = run_command("echo one; echo two; echo first >&2; echo 'last word' >&2; exit 3", ample);
  CHECK(end.status == 3);
  CHECK(end.output == "one\ntwo\n");
  CHECK(end.complaint == "last word");
  CHECK_FALSE(end.timed_out);
  CHECK_FALSE(end.stopped);
  CHECK(run_command("kill -9 $$", ample).status == 128 + 9);
  CHECK(run_command("cat", ample).status == 0);  // it is given nothing to read
  CHECK(run_command("no-such-program-anywhere", ample).status == 127);
}

TEST_CASE("any_text_is_one_word_when_quoted") {
  for (const std::string text : {"plain", "two words", "it's", "$HOME `id` \\ \"", "*", ""}) {
    CHECK(run_command("printf %s " + shell_quoted(text), ample).output == text);
  }
}

TEST_CASE("much_output_does_not_block_and_its_end_is_kept") {
  const CommandEnd end = run_command("yes x | head -c 1000000; echo end; yes y | head -c 1000000 >&2", ample);
  CHECK(end.status == 0);
  CHECK(end.output.size() == 65536);
  CHECK(end.output.ends_with("x\nend\n"));
}

TEST_CASE("a_command_that_takes_too_long_or_is_stopped_is_killed_with_its_children") {
  const CommandEnd late = run_command("sleep 1000 & sleep 1000", 0.2);
  CHECK(late.timed_out);
  CHECK(late.status == 128 + 9);
  std::stop_source stop;
  stop.request_stop();
  const CommandEnd stopped = run_command("sleep 1000", ample, stop.get_token());
  CHECK(stopped.stopped);
  CHECK_FALSE(stopped.timed_out);
}

TEST_CASE("what_a_command_leaves_behind_does_not_hold_it_up") {
  const auto start = std::chrono::steady_clock::now();
  const CommandEnd end = run_command("sleep 1000 & echo done", ample);
  CHECK(end.status == 0);
  CHECK(end.output == "done\n");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));  // not until its child has slept
}

TEST_CASE("each_place_of_a_file_in_a_command_is_filled_with_its_quoted_name") {
  CHECK(soundalike::command_with("a {in} --and={in} {out}", "{in}", "it's here.wav") ==
        "a 'it'\\''s here.wav' --and='it'\\''s here.wav' {out}");
  CHECK(run_command(soundalike::command_with("echo {in}", "{in}", "{in} $HOME"), ample).output == "{in} $HOME\n");
}
