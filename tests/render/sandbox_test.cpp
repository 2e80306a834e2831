// What plugins are kept from in a worker, and what they may do still.
#include <doctest/doctest.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "render/rig.hpp"

using namespace rig;

namespace {

const std::array on{1.0f};

// The order in which the plugin tries.
enum Attempt {
  internet,
  local_socket,
  file_in_tmp,
  file_in_shm,
  folder,
  mode_of_tmp,
  child,
  signal_to_parent,
  shared_segment,
  outliving_parent,
  reading,
  writing_nowhere,
  thread,
  signal_to_itself,
  attempts
};

/// Per attempt 1 where it went well, else minus the number of the error.
std::array<int, attempts> reach(const RendererOptions& options) {
  const RenderSetup stereo{SampleRate{24000}, 2};
  BatchRenderer renderer({test_plugin("Test Reach")}, stereo, options);
  const BatchRenderer::Job job{renderer.add_clip(AudioBuffer(2, 100, stereo.sample_rate)), on};
  const auto result = renderer.render({&job, 1});
  REQUIRE(result[0].outcome.status == RenderStatus::ok);
  std::array<int, attempts> answers{};
  for (std::size_t i = 0; i < attempts; ++i) {
    const float sample = result[0].audio.channel(0)[i];
    answers[i] = sample > 0.5f ? 1 : static_cast<int>(sample * 1000.0f - 0.5f);
  }
  return answers;
}

/// While it lives, workers take the kernel for an older one.
struct Without {
  explicit Without(const char* features) { ::setenv("SOUNDALIKE_TEST_WITHOUT", features, 1); }
  ~Without() { ::unsetenv("SOUNDALIKE_TEST_WITHOUT"); }
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;
};

std::string sandbox_of_a_gain() { return BatchRenderer({test_plugin("Test Gain")}, mono, {.workers = 1}).sandbox(); }

bool all_denied(const std::array<int, attempts>& answers) {
  bool denied = true;
  for (int i = internet; i <= outliving_parent; ++i) {
    const int answer = answers[static_cast<std::size_t>(i)];
    denied = denied && (answer == -EACCES || answer == -EPERM);
  }
  return denied;
}

bool all_allowed(const std::array<int, attempts>& answers) {
  bool allowed = true;
  for (int i = reading; i < attempts; ++i) allowed = allowed && answers[static_cast<std::size_t>(i)] == 1;
  return allowed;
}

}  // namespace

TEST_CASE("a_plugin_has_no_network_writes_no_file_and_reaches_no_other_process") {
  for (const bool isolate : {false, true}) {
    CAPTURE(isolate);
    const auto answers = reach({.workers = 1, .isolate = isolate});
    for (std::size_t i = 0; i < attempts; ++i) {
      CAPTURE(i);
      CAPTURE(answers[i]);
      const bool ok = i <= outliving_parent ? answers[i] == -EACCES || answers[i] == -EPERM : answers[i] == 1;
      CHECK(ok);
    }
  }
}

TEST_CASE("without_the_sandbox_a_plugin_reaches_all_that") {
  const auto answers = reach({.workers = 1, .sandbox = false});
  CHECK(answers[local_socket] == 1);
  CHECK(answers[file_in_tmp] == 1);
  CHECK(answers[child] == 1);
  CHECK(answers[signal_to_parent] == 1);
  CHECK(all_allowed(answers));
}

TEST_CASE("a_renderer_says_what_holds_its_plugins") {
  BatchRenderer sandboxed({test_plugin("Test Gain")}, mono, {.workers = 1});
  CHECK(sandboxed.sandbox().find("seccomp") != std::string::npos);
  BatchRenderer plain({test_plugin("Test Gain")}, mono, {.workers = 1, .sandbox = false, .memory_bytes = 0});
  CHECK(plain.sandbox() == "none");
}

TEST_CASE("without_landlock_the_filter_alone_denies_the_same") {
  const Without kernel("landlock");
  CHECK(sandbox_of_a_gain().ends_with("; the kernel has no landlock"));
  CHECK(sandbox_of_a_gain().find("seccomp") == 0);
  for (const bool isolate : {false, true}) {
    CAPTURE(isolate);
    const auto answers = reach({.workers = 1, .isolate = isolate});
    CHECK(all_denied(answers));
    for (const auto allowed : {reading, thread, signal_to_itself}) CHECK(answers[allowed] == 1);
    CHECK(answers[writing_nowhere] == -EACCES);  // the filter cannot tell /dev/null from a file
  }
}

TEST_CASE("without_seccomp_a_plugin_still_writes_no_file_where_there_is_landlock") {
  if (sandbox_of_a_gain().find("landlock") == std::string::npos) {
    MESSAGE("skipped: this kernel has no Landlock");
    return;
  }
  const Without kernel("seccomp");
  CHECK(sandbox_of_a_gain().ends_with("; the kernel has no seccomp"));
  for (const bool isolate : {false, true}) {
    CAPTURE(isolate);
    const auto answers = reach({.workers = 1, .isolate = isolate});
    for (const auto denied : {file_in_tmp, file_in_shm, folder}) CHECK(answers[denied] == -EACCES);
    CHECK(all_allowed(answers));
  }
}

TEST_CASE("a_kernel_with_neither_renders_as_any_other_and_says_what_is_missing") {
  const auto clip = noise(3000);
  const auto render = [&] {
    BatchRenderer renderer({test_plugin("Test Gain")}, mono, {.workers = 2});
    const std::vector<BatchRenderer::Job> jobs(8, {renderer.add_clip(clip), on});
    return renderer.render(jobs);
  };
  const auto here = render();
  const Without kernel("landlock,seccomp");
  CHECK(sandbox_of_a_gain().ends_with("; the kernel has no seccomp, landlock"));
  const auto there = render();
  for (std::size_t i = 0; i < here.size(); ++i) {
    REQUIRE(there[i].outcome.status == RenderStatus::ok);
    CHECK(there[i].audio == here[i].audio);
  }
  CHECK(all_allowed(reach({.workers = 1})));
}

TEST_CASE("the_sandbox_holds_for_users_without_privileges") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: all other tests of this file have just shown it");
    return;
  }
  test_plugin("Test Reach");  // found while it can be read
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    constexpr id_t nobody = 65534;
    if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0) ::_exit(3);
    if (::access((std::string(std::getenv("SOUNDALIKE_BIN")) + "/soundalike-worker").c_str(), X_OK) != 0) ::_exit(2);
    try {
      const auto answers = reach({.workers = 1});
      ::_exit(all_denied(answers) && all_allowed(answers) ? 0 : 1);
    } catch (...) {
      ::_exit(4);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 2) {
    MESSAGE("skipped: others may not read the build folder");
    return;
  }
  CHECK(WEXITSTATUS(status) == 0);
}
