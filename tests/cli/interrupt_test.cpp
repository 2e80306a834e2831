#include "interrupt.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <semaphore>

namespace soundalike::cli {

TEST_CASE("the_first_signal_asks_for_a_stop") {
  for (int signal : {SIGINT, SIGTERM}) {
    int told = 0;
    Interrupt interrupt([&] { ++told; });
    std::binary_semaphore stopped(0);
    std::stop_callback callback(interrupt.token(), [&] { stopped.release(); });
    CHECK_FALSE(interrupt.token().stop_requested());
    std::raise(signal);
    stopped.acquire();
    CHECK(interrupt.token().stop_requested());
    CHECK(told == 1);
  }
}

TEST_CASE("without_a_signal_nothing_stops_and_nothing_waits") {
  std::stop_token token;
  {
    Interrupt interrupt;
    token = interrupt.token();
  }
  CHECK_FALSE(token.stop_requested());
}

TEST_CASE("the_second_signal_ends_the_program_with_130") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    Interrupt interrupt;
    std::raise(SIGINT);
    std::raise(SIGINT);
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 130);
}

TEST_CASE("afterwards_signals_have_their_default_meaning") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    { Interrupt interrupt; }
    std::raise(SIGINT);
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
}

}  // namespace soundalike::cli
