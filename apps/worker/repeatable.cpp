#include "worker/repeatable.hpp"

#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::uint64_t first_state = 0x9e3779b97f4a7c15u;
constexpr std::int64_t first_second = 1'000'000'000;  // a date in 2001

// Per thread: a plugin's own threads cannot disturb the render's numbers.
thread_local std::uint64_t random_state = first_state;
// Only the rendering thread has a made-up clock; threads of plugins may wait for real time.
thread_local bool clock_is_fixed = false;
thread_local std::uint64_t clock_calls = 0;

// splitmix64 (Steele, Lea, Flood 2014).
std::uint64_t next() {
  std::uint64_t z = random_state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void seed(std::uint64_t value) { random_state = first_state ^ (value * 0xd1342543de82ef95u); }

// A microsecond passes with every look, so that a wait for time to pass ends.
timespec fixed_time() {
  const std::uint64_t micros = ++clock_calls;
  return {first_second + static_cast<std::int64_t>(micros / 1'000'000), static_cast<long>(micros % 1'000'000) * 1000};
}

}  // namespace

namespace soundalike {

void reset_repeatable() {
  random_state = first_state;
  clock_is_fixed = true;
  clock_calls = 0;
}

}  // namespace soundalike

// The C library's names, exported by apps/worker/exports.txt.
extern "C" {

int rand() noexcept { return static_cast<int>(next() >> 33); }
void srand(unsigned value) noexcept { seed(value); }
long random() noexcept { return static_cast<long>(next() >> 33); }
void srandom(unsigned value) noexcept { seed(value); }
char* initstate(unsigned value, char* buffer, std::size_t) noexcept {
  seed(value);
  return buffer;
}
char* setstate(char* buffer) noexcept { return buffer; }
double drand48() noexcept { return static_cast<double>(next() >> 16) * 0x1p-48; }
long lrand48() noexcept { return static_cast<long>(next() >> 33); }
long mrand48() noexcept { return static_cast<std::int32_t>(next() >> 32); }
void srand48(long value) noexcept { seed(static_cast<std::uint64_t>(value)); }
unsigned short* seed48(unsigned short value[3]) noexcept {
  static thread_local unsigned short before[3] = {};
  seed(std::uint64_t{value[0]} | std::uint64_t{value[1]} << 16 | std::uint64_t{value[2]} << 32);
  return before;
}
void lcong48(unsigned short value[7]) noexcept { seed48(value); }

std::time_t time(std::time_t* result) noexcept {
  timespec now{};
  if (clock_is_fixed) {
    now = fixed_time();
  } else {
    ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  }
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
int clock_gettime(clockid_t clock, timespec* result) noexcept {
  if (!clock_is_fixed) return static_cast<int>(::syscall(SYS_clock_gettime, clock, result));
  *result = fixed_time();
  return 0;
}
int gettimeofday(timeval* result, void*) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *result = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

}  // extern "C"
