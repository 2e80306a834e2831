// Worker processes: they are replaced when they go, and go when their renderer goes, however it ends.
#include <dirent.h>
#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "render/rig.hpp"

using namespace rig;

namespace {

/// Children of all threads of a process.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  std::error_code gone;
  const auto tasks = std::filesystem::path("/proc") / std::to_string(parent) / "task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
    std::ifstream list(task.path() / "children");
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

std::string name_of(pid_t process) {
  std::string name;
  std::getline(std::ifstream("/proc/" + std::to_string(process) + "/comm"), name);
  return name;
}

std::vector<pid_t> workers_of(pid_t parent) {
  std::vector<pid_t> workers;
  for (const pid_t child : children_of(parent)) {
    if (name_of(child) == "soundalike-work") workers.push_back(child);  // the kernel keeps 15 characters
  }
  return workers;
}

const std::array on{1.0f};
const std::array off{0.0f};

}  // namespace

TEST_CASE("workers_killed_from_outside_cost_at_most_their_own_render") {
  BatchRenderer renderer({test_plugin("Test Crash")}, mono, {.workers = 2});
  const auto clip = renderer.add_clip(noise(3000));
  const std::vector<BatchRenderer::Job> jobs(400, {clip, off});
  std::atomic<std::size_t> crashed = 0;
  std::atomic<std::size_t> told = 0;
  std::atomic<std::size_t> killed = 0;
  renderer.render(jobs, [&](std::size_t, const RenderOutcome& outcome, AudioView) {
    if (outcome.status == RenderStatus::crashed) ++crashed;
    if (++told % 100 != 0) return;
    for (const pid_t worker : workers_of(::getpid())) {
      if (::kill(worker, SIGKILL) == 0) ++killed;
    }
  });
  CHECK(told == 400);
  CHECK(killed >= 4);
  CHECK(crashed <= killed);
}

TEST_CASE("a_renderer_leaves_no_process_behind") {
  {
    BatchRenderer renderer({test_plugin("Test Gain")}, mono, {.workers = 3});
    CHECK(workers_of(::getpid()).size() == 3);
  }
  CHECK(children_of(::getpid()).empty());
}

TEST_CASE("a_renderer_outlives_the_thread_that_made_it") {
  std::optional<BatchRenderer> renderer;
  std::thread([&] {
    renderer.emplace(std::vector{test_plugin("Test Crash")}, mono, RendererOptions{.workers = 1});
  }).join();
  const auto before = workers_of(::getpid());
  REQUIRE(before.size() == 1);
  const BatchRenderer::Job job{renderer->add_clip(noise(100)), off};
  CHECK(renderer->render({&job, 1})[0].outcome.status == RenderStatus::ok);
  CHECK(workers_of(::getpid()) == before);
}

TEST_CASE("no_worker_outlives_a_renderer_killed_in_the_middle_of_a_render") {
  std::array<int, 2> ready{};
  REQUIRE(::pipe(ready.data()) == 0);
  const EffectListing listing = test_plugin("Test Hang");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      BatchRenderer renderer({listing}, mono, {.workers = 2});
      const auto clip = renderer.add_clip(noise(100));
      const std::vector<BatchRenderer::Job> jobs{{clip, off}, {clip, on}, {clip, on}};
      renderer.render(jobs, [&](std::size_t, const RenderOutcome&, AudioView) {
        [[maybe_unused]] const auto written = ::write(ready[1], "x", 1);  // from here on the workers hang
      });
    } catch (...) {
    }
    ::_exit(1);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  const auto workers = workers_of(child);
  CHECK(workers.size() == 2);
  std::vector<pollfd> ends;
  for (const pid_t worker : workers) {
    ends.push_back({static_cast<int>(::syscall(SYS_pidfd_open, worker, 0)), POLLIN, 0});
    CHECK(ends.back().fd >= 0);
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (pollfd& end : ends) {
    CHECK(::poll(&end, 1, 10000) == 1);
    ::close(end.fd);
  }
  ::close(ready[0]);
  ::close(ready[1]);
}
