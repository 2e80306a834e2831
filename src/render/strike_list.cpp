#include "soundalike/strike_list.hpp"

#include <fmt/format.h>

namespace soundalike {
namespace {

std::string number(std::size_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace

bool StrikeList::record(const std::string& effect, End end) {
  const std::lock_guard lock(mutex_);
  Record& record = records_[effect];
  if (!record.reason.empty()) return false;
  const auto count = [&record](End one) -> std::size_t& { return one == End::hang ? record.hangs : record.crashes; };
  record.ends.push_back(end);
  if (end != End::fine) ++count(end);
  if (record.ends.size() > rule_.window) {
    if (record.ends.front() != End::fine) --count(record.ends.front());
    record.ends.pop_front();
  }
  const std::size_t bad = record.hangs + record.crashes;
  const bool never_well = bad == record.ends.size() && record.hangs >= rule_.hangs_alone;
  if (record.hangs < rule_.hangs && bad < rule_.faults && !never_well) return false;
  std::string faults;
  if (record.hangs > 0) faults = number(record.hangs, "hang", "hangs");
  if (record.crashes > 0) faults += (faults.empty() ? "" : " and ") + number(record.crashes, "crash", "crashes");
  record.reason = fmt::format("'{}' was given up after {} in its latest {}", effect, faults,
                              number(record.ends.size(), "render", "renders"));
  return true;
}

std::string StrikeList::reason(const std::string& effect) const {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(effect);
  return found == records_.end() ? "" : found->second.reason;
}

}  // namespace soundalike
