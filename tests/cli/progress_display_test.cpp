#include "progress_display.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "text.hpp"

namespace soundalike::cli {
namespace {

using Mode = ProgressDisplay::Mode;

// Two connected descriptors: what is written to `in` can be read from `out`.
struct Screen {
  int in = -1, out = -1;
  explicit Screen(unsigned short columns) {
    if (columns > 0) {
      winsize size{24, columns, 0, 0};
      REQUIRE(openpty(&out, &in, nullptr, nullptr, &size) == 0);
    } else {
      int ends[2];
      REQUIRE(pipe(ends) == 0);
      out = ends[0];
      in = ends[1];
    }
  }
  ~Screen() {
    close(in);
    close(out);
  }
  std::string text() const {
    std::string result;
    pollfd ready{out, POLLIN, 0};
    char buffer[4096];
    while (poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0) {
      result.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(read(out, buffer, sizeof buffer), 0)));
    }
    return result;
  }
};

struct FakeClock {
  double now = 0.0;
  ProgressDisplay::Clock clock() {
    return [this] { return std::chrono::duration<double>(now); };
  }
};

}  // namespace

TEST_CASE("the_bar_tells_part_count_time_and_note_and_is_wiped") {
  Screen screen(80);
  FakeClock time;
  {
    ProgressDisplay display(Mode::bar, screen.in, time.clock());
    display.update({"matching", 0, 400, ""});
    time.now = 4.0;
    display.update({"matching", 180, 400, "distance 0.412"});
    CHECK(screen.text() ==
          "\rmatching    0% |                    | 0/400 [00:00<?]\033[K"
          "\rmatching   45% |#########           | 180/400 [00:04<00:05] distance 0.412\033[K");
  }
  CHECK(screen.text() == "\r\033[K");
}

TEST_CASE("the_bar_is_drawn_at_most_ten_times_a_second") {
  Screen screen(80);
  FakeClock time;
  ProgressDisplay display(Mode::bar, screen.in, time.clock());
  for (std::size_t i = 0; i < 1000; ++i) {
    time.now = 0.001 * static_cast<double>(i);
    display.update({"rendering", i, 2000, ""});
  }
  const std::string text = screen.text();
  CHECK(std::ranges::count(text, '\r') >= 9);
  CHECK(std::ranges::count(text, '\r') <= 11);
}

TEST_CASE("the_bar_never_wraps") {
  for (unsigned short columns : {20, 30, 40, 60, 200}) {
    Screen screen(columns);
    FakeClock time;
    ProgressDisplay display(Mode::bar, screen.in, time.clock());
    display.update({"matching", 399, 400, "distance 0.412 of a very long note that does not fit"});
    const std::string text = screen.text();
    CHECK(display_width(text.substr(1, text.size() - 4)) < columns);
  }
}

TEST_CASE("elsewhere_a_line_comes_every_five_seconds_and_at_the_end_of_a_stage") {
  Screen screen(0);
  FakeClock time;
  ProgressDisplay display(Mode::lines, screen.in, time.clock());
  for (int i = 0; i <= 12; ++i) {
    time.now = i;
    display.update({"matching", static_cast<std::size_t>(i), 12, ""});
  }
  display.update({"writing", 1, 1, ""});
  display.update({"writing", 1, 1, ""});
  CHECK(screen.text() ==
        "matching   41% 5/12 [00:05<00:07]\n"
        "matching   83% 10/12 [00:10<00:02]\n"
        "matching  100% 12/12 [00:12<00:00]\n"
        "writing  100% 1/1 [00:00<00:00]\n");
}

TEST_CASE("events_are_one_json_object_per_line") {
  Screen screen(0);
  FakeClock time;
  ProgressDisplay display(Mode::events, screen.in, time.clock());
  display.update({"matching", 0, 2, ""});
  time.now = 0.1;
  display.update({"matching", 1, 2, "not due"});
  time.now = 0.2;
  display.update({"matching", 2, 2, "distance \"x\"\n"});
  std::string text = screen.text();
  REQUIRE(std::ranges::count(text, '\n') == 2);
  const auto last = nlohmann::json::parse(text.substr(text.find('\n') + 1));
  CHECK(last["event"] == "progress");
  CHECK(last["stage"] == "matching");
  CHECK(last["done"] == 2);
  CHECK(last["total"] == 2);
  CHECK(last["seconds"] == doctest::Approx(0.2));
  CHECK(last["note"] == "distance \"x\"\n");
}

TEST_CASE("off_is_silent") {
  Screen screen(0);
  ProgressDisplay display(Mode::off, screen.in);
  display.update({"matching", 1, 1, ""});
  CHECK(screen.text().empty());
}

}  // namespace soundalike::cli
