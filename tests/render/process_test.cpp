// Worker processes: they are replaced when they go, and go when their renderer goes, however it ends.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "render/rig.hpp"

using namespace rig;

namespace {

const std::array on{1.0f};
const std::array off{0.0f};

/// Where each file of a process, its heap and its stack begin.
std::map<std::string, std::uint64_t> first_addresses(pid_t process) {
  std::map<std::string, std::uint64_t> found;
  std::ifstream maps(fmt::format("/proc/{}/maps", process));
  for (std::string line; std::getline(maps, line);) {
    const std::size_t name = line.find_first_of("/[");
    if (name != line.npos) found.emplace(line.substr(name), std::stoull(line, nullptr, 16));
  }
  found.erase("[vvar]");  // the kernel's own, wherever it likes
  found.erase("[vvar_vclock]");
  found.erase("[vdso]");
  return found;
}

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

TEST_CASE("workers_have_fixed_addresses_far_from_the_stack") {
  const int persona = ::personality(0xffffffff);
  const bool allowed =
      persona >= 0 && ::personality(static_cast<unsigned long>(persona) | ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT) >= 0;
  if (!allowed) {
    MESSAGE("skipped: this container forbids fixed addresses");
    return;
  }
  ::personality(static_cast<unsigned long>(persona));
  const auto places = [] {
    BatchRenderer renderer({test_plugin("Test Gain")}, mono, {.workers = 2});
    std::vector<std::map<std::string, std::uint64_t>> found;
    for (const pid_t worker : workers_of(::getpid())) found.push_back(first_addresses(worker));
    return found;
  };
  const auto first = places();
  const auto second = places();
  REQUIRE(first.size() == 2);
  CHECK(first[0].size() > 5);
  CHECK(first[0] == first[1]);
  CHECK(first == second);
  for (const auto& place : first[0]) {
    CAPTURE(place.first);
    const bool library = place.first.find(".so") != std::string::npos;
    CHECK((!library || first[0].at("[stack]") - place.second > std::uint64_t{1} << 40));
  }
}

TEST_CASE("a_renderer_leaves_no_process_behind") {
  {
    BatchRenderer renderer({test_plugin("Test Gain")}, mono, {.workers = 3});
    CHECK(workers_of(::getpid()).size() == 3);
  }
  CHECK(children_of(::getpid()).empty());
}

TEST_CASE("renderers_that_met_faults_leave_no_open_file_no_process_and_no_file_behind") {
  const auto entries = [](const char* folder) {
    std::set<std::string> names;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder, none)) names.insert(entry.path().string());
    return names;
  };
  const auto meet_faults = [] {
    for (const char* plugin : {"Test Crash", "Test Hang", "Test Exit", "Test Hog", "Test Threads"}) {
      BatchRenderer renderer({test_plugin(plugin)}, mono,
                             {.workers = 2, .deadline_seconds = 1.5, .memory_bytes = std::size_t{128} << 20});
      const auto clip = renderer.add_clip(noise(3000));
      std::vector<BatchRenderer::Job> jobs(8, {clip, off});
      jobs[2].settings = on;
      renderer.render(jobs);
    }
  };
  meet_faults();
  const auto files = entries("/proc/self/fd");
  const auto segments = entries("/dev/shm");
  meet_faults();
  CHECK(entries("/proc/self/fd") == files);
  CHECK(entries("/dev/shm") == segments);
  CHECK(children_of(::getpid()).empty());  // zombies would be among them
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
