#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace soundalike {

/// Effects that crash or hang so often that to render with them is a waste of time: a plugin that always hangs would
/// cost a deadline per render. Renderers report how each render ended; once the rule is met, the effect is struck, for
/// as long as the list lives. Safe to use from many threads.
///
///   RendererOptions options{.strikes = std::make_shared<StrikeList>()};   // one list for all renderers of a run
class StrikeList {
 public:
  struct Rule {
    std::size_t window = 50;      ///< of the latest renders of an effect, crashes and hangs are counted
    std::size_t hangs = 8;        ///< strike it
    std::size_t faults = 20;      ///< crashes and hangs together strike it
    std::size_t hangs_alone = 4;  ///< strike it when no render has gone well yet
  };
  enum class End { fine, crash, hang };

  StrikeList() : StrikeList(Rule()) {}
  explicit StrikeList(const Rule& rule) : rule_(rule) {}

  /// @return true when this strikes the effect.
  bool record(const std::string& effect, End end);
  /// Why the effect was struck, for people; empty when it was not.
  std::string reason(const std::string& effect) const;

 private:
  struct Record {
    std::deque<End> ends;
    std::size_t hangs = 0;
    std::size_t crashes = 0;
    std::string reason;
  };
  Rule rule_;
  mutable std::mutex mutex_;
  std::map<std::string, Record> records_;
};

}  // namespace soundalike
