#include "serve/event_channel.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace soundalike::serve {

void EventChannel::publish(std::string_view name, std::string_view json) { add(name, json, false); }
void EventChannel::publish_latest(std::string_view name, std::string_view json) { add(name, json, true); }

void EventChannel::add(std::string_view name, std::string_view json, bool only_latest) {
  {
    const std::scoped_lock lock(mutex_);
    if (closed_) return;
    if (only_latest) std::erase_if(said_, [&](const Said& event) { return event.name == name; });
    ++last_;
    said_.push_back({last_, std::string(name), fmt::format("id: {}\nevent: {}\ndata: {}\n\n", last_, name, json)});
    if (said_.size() > kept_) said_.pop_front();
  }
  wake_all();
}

void EventChannel::close() {
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  wake_all();
}

EventChannel::News EventChannel::since(std::uint64_t last) const {
  const std::scoped_lock lock(mutex_);
  News news{.last = last_, .closed = closed_};
  if (last > last_) last = 0;  // counted by a server that has been started anew
  for (const Said& event : said_) {
    if (event.id > last) news.text += event.text;
  }
  return news;
}

std::shared_ptr<void> EventChannel::listen(std::function<void()> wake) {
  std::uint64_t key = 0;
  {
    const std::scoped_lock lock(mutex_);
    key = next_listener_++;
    listeners_.emplace(key, std::move(wake));
  }
  return {nullptr, [channel = weak_from_this(), key](void*) {
            if (const auto alive = channel.lock()) {
              const std::scoped_lock lock(alive->mutex_);
              alive->listeners_.erase(key);
            }
          }};
}

std::size_t EventChannel::listeners() const {
  const std::scoped_lock lock(mutex_);
  return listeners_.size();
}

// Under the lock: a listener that has let go of its handle is not called any more. What it does is only to post.
void EventChannel::wake_all() {
  const std::scoped_lock lock(mutex_);
  for (const auto& [key, wake] : listeners_) wake();
}

}  // namespace soundalike::serve
