#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace soundalike::serve {

/// Events that any number of browsers listen to (server-sent events). What was said is kept, so that whoever comes late
/// or comes back hears it too. Safe from any thread.
///
///   channel.publish("path", R"({"distance":0.4})");
///   channel.publish_latest("progress", R"({"progress":0.5})");   // takes the place of an older "progress"
///   channel.close();
class EventChannel : public std::enable_shared_from_this<EventChannel> {
 public:
  explicit EventChannel(std::size_t kept = 4096) : kept_(kept) {}

  /// @param json one line.
  void publish(std::string_view name, std::string_view json);
  void publish_latest(std::string_view name, std::string_view json);
  /// Nothing is said after.
  void close();

  struct News {
    std::string text;        ///< as it goes over the wire
    std::uint64_t last = 0;  ///< what to ask with next
    bool closed = false;     ///< and nothing will follow
  };
  /// What was said after event `last`; 0: everything that is kept.
  News since(std::uint64_t last) const;

  /// `wake` is called whenever there is news, from the thread that has them, until the returned handle dies.
  std::shared_ptr<void> listen(std::function<void()> wake);
  std::size_t listeners() const;

 private:
  struct Said {
    std::uint64_t id;
    std::string name;
    std::string text;
  };
  void add(std::string_view name, std::string_view json, bool only_latest);
  void wake_all();

  mutable std::mutex mutex_;
  std::size_t kept_;
  std::deque<Said> said_;
  std::uint64_t last_ = 0;
  bool closed_ = false;
  std::uint64_t next_listener_ = 0;
  std::map<std::uint64_t, std::function<void()>> listeners_;
};

}  // namespace soundalike::serve
