#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "serve/expert_session.hpp"

namespace soundalike::serve {

/// Sessions of the expert test, in a folder: <session>.json holds the plan, <session>.jsonl what was done, one event
/// per line, on the disk before append() returns. Safe from many threads.
class ExpertStore {
 public:
  /// Reads what is there. @throws Error io.
  explicit ExpertStore(std::filesystem::path folder);

  /// A new session's code: 20 digits from the system's randomness.
  static std::string draw_code();
  void begin(ExpertPlan plan);
  struct Appended {
    std::size_t accepted = 0;
    std::size_t repeated = 0;
  };
  /// All of them or, when one cannot be, none. @throws Error not_found, invalid_argument, io.
  Appended append(std::string_view session, std::vector<ExpertSession::Event> events);
  /// Looks at a session while nobody changes it. @throws Error not_found: also for one of another map.
  void look(std::string_view session, std::string_view map, const std::function<void(const ExpertSession&)>& at) const;
  /// All of a map, by code.
  void look_at_all(std::string_view map, const std::function<void(const ExpertSession&)>& at) const;

 private:
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::map<std::string, ExpertSession, std::less<>> sessions_;
};

}  // namespace soundalike::serve
