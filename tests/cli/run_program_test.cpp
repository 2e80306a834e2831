#include "cli/run_program.hpp"

#include <doctest/doctest.h>

namespace program {

TEST_CASE("output_status_input_and_environment_pass_through") {
  const Run run = program::run({"sh", "-c", "cat; echo \"$A\" >&2; exit 3"}, {.environment = {{"A", "b"}}, .in = "in"});
  CHECK(run.status == 3);
  CHECK(run.out == "in");
  CHECK(run.err == "b\n");
}

TEST_CASE("a_program_that_hangs_is_killed") {
  const Run run = program::run({"sleep", "1000"}, {.timeout_seconds = 0.05});
  CHECK(run.timed_out);
  CHECK(run.status == 128 + SIGKILL);
}

TEST_CASE("a_signal_is_sent_once_the_program_says_it_is_ready") {
  const Run run = program::run({"sh", "-c", "trap 'exit 7' TERM; echo ready >&2; while :; do :; done"},
                               {.signal = SIGTERM, .signal_after = "ready"});
  CHECK_FALSE(run.timed_out);
  CHECK(run.status == 7);
}

TEST_CASE("a_program_that_is_not_there_gives_127") { CHECK(program::run({"/no/such/program"}).status == 127); }

}  // namespace program
