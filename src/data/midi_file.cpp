#include "data/midi_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <vector>

namespace soundalike {
namespace {

void put_number(std::string& out, std::uint32_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xff));
}

// Seven bits a byte, the high bit on all but the last.
void put_variable(std::string& out, std::uint32_t value) {
  std::string bytes(1, static_cast<char>(value & 0x7f));
  while ((value >>= 7) > 0) bytes.insert(bytes.begin(), static_cast<char>((value & 0x7f) | 0x80));
  out += bytes;
}

int channel_of(Role role) { return role == Role::drums ? 9 : static_cast<int>(role); }

}  // namespace

std::string midi_file(const Score& score) {
  struct Event {
    std::uint32_t tick;
    int order;  // ends before beginnings at the same time
    std::string bytes;
  };
  const auto tick = [](double seconds) { return static_cast<std::uint32_t>(std::llround(1000.0 * seconds)); };
  const auto message = [](int status, int channel, int a, int b = -1) {
    std::string bytes{static_cast<char>(status | channel), static_cast<char>(a)};
    if (b >= 0) bytes.push_back(static_cast<char>(b));
    return bytes;
  };
  std::vector<Event> events;
  for (std::size_t i = 0; i < role_count; ++i) {
    const int channel = channel_of(static_cast<Role>(i));
    events.push_back({0, 0, message(0xc0, channel, score.programs[i])});
    const int pan = i < 2 ? 64 : 40 + 16 * (static_cast<int>(i) - 2) * 2 / 2;
    events.push_back({0, 0, message(0xb0, channel, 10, pan)});
  }
  for (const Note& note : score.notes) {
    const int channel = channel_of(note.role), velocity = std::clamp(static_cast<int>(127.0 * note.velocity), 1, 127);
    const int pitch = std::clamp(note.pitch, 0, 127);
    events.push_back({tick(note.start), 2, message(0x90, channel, pitch, velocity)});
    events.push_back(
        {std::max(tick(note.start) + 1, tick(note.start + note.length)), 1, message(0x80, channel, pitch, 64)});
  }
  std::ranges::stable_sort(
      events, [](const Event& a, const Event& b) { return std::tie(a.tick, a.order) < std::tie(b.tick, b.order); });
  std::string track;
  std::uint32_t at = 0;
  for (const Event& event : events) {
    put_variable(track, event.tick - at);
    at = event.tick;
    track += event.bytes;
  }
  put_variable(track, 0);
  track += std::string("\xff\x2f\x00", 3);  // end of track
  std::string out = "MThd";
  put_number(out, 6, 4);
  put_number(out, 0, 2);
  put_number(out, 1, 2);
  put_number(out, 500, 2);  // a quarter note; at the usual 120 a minute a tick is a millisecond
  out += "MTrk";
  put_number(out, static_cast<std::uint32_t>(track.size()), 4);
  return out + track;
}

}  // namespace soundalike
