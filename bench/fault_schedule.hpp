#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "soundalike/rng.hpp"

/// Faults for the renders of the plugin "Test Faulty", so many and no more, at random places.
namespace soundalike::bench {

/// While one lives, every render of the plugin, in whatever worker, takes the next byte of a named pipe and does what
/// it says. Reading is all that the sandbox leaves a plugin, and a pipe hands out each byte once: so faults can be
/// counted.
class FaultSchedule {
 public:
  static constexpr std::array<const char*, 5> kinds{"segmentation fault", "hang", "NaN", "exit", "memory hog"};

  struct Met {
    std::size_t renders = 0;  ///< that took a byte, second tries of one render included
    std::array<std::size_t, kinds.size()> faults{};
    nlohmann::ordered_json json() const {
      nlohmann::ordered_json all{{"renders", renders}, {"faults", std::accumulate(faults.begin(), faults.end(), 0ul)}};
      for (std::size_t i = 0; i < kinds.size(); ++i) all[kinds[i]] = faults[i];
      return all;
    }
  };

  /// @param folder where the pipe is made; it goes with the folder.
  explicit FaultSchedule(const std::filesystem::path& folder) : path_(folder / "faults") {
    if (::mkfifo(path_.c_str(), 0600) != 0) throw std::runtime_error("cannot make a named pipe");
    pipe_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (pipe_ < 0) throw std::runtime_error("cannot open a named pipe");
    ::setenv(variable, path_.c_str(), 1);
  }
  ~FaultSchedule() {
    ::unsetenv(variable);
    ::close(pipe_);
    std::filesystem::remove(path_);
  }
  FaultSchedule(const FaultSchedule&) = delete;
  FaultSchedule& operator=(const FaultSchedule&) = delete;

  /// From here on `faults` of the next `renders` fail, all kinds equally often, at places drawn by `seed`.
  void arm(std::size_t renders, std::size_t faults, std::uint64_t seed) {
    plan_.assign(renders, 0);
    for (std::size_t i = 0; i < std::min(faults, renders); ++i) plan_[i] = static_cast<char>(1 + i % kinds.size());
    Rng rng(seed);
    for (std::size_t i = renders; i-- > 1;) std::swap(plan_[i], plan_[rng.below(i + 1)]);
    ::fcntl(pipe_, F_SETPIPE_SZ, static_cast<int>(std::max<std::size_t>(renders, 4096)));
    if (::write(pipe_, plan_.data(), renders) != static_cast<ssize_t>(renders)) {
      throw std::runtime_error("the pipe does not hold as many renders");
    }
  }

  /// Takes back what no render has taken. @return what they took.
  Met disarm() {
    std::vector<char> left(plan_.size());
    const ssize_t rest = std::max<ssize_t>(0, ::read(pipe_, left.data(), left.size()));
    Met met{plan_.size() - static_cast<std::size_t>(rest)};
    for (std::size_t i = 0; i < met.renders; ++i) {
      if (plan_[i] > 0) ++met.faults[static_cast<std::size_t>(plan_[i] - 1)];
    }
    plan_.clear();
    return met;
  }

 private:
  static constexpr const char* variable = "SOUNDALIKE_TEST_FAULTS";
  std::filesystem::path path_;
  int pipe_ = -1;
  std::vector<char> plan_;
};

}  // namespace soundalike::bench
