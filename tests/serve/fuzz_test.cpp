// The fuzzer's target with damage of a seeded kind, so that every test run tries some of it.
#include <doctest/doctest.h>

#include "serve/fuzz_request.hpp"
#include "serve/rig.hpp"
#include "soundalike/rng.hpp"

using soundalike::Rng;

namespace {

std::string damaged(std::string text, Rng& rng) {
  for (std::uint64_t hit = 0; hit <= rng.below(4); ++hit) {
    const std::size_t at = rng.below(text.size());
    switch (rng.below(3)) {
      case 0:
        text[at] = static_cast<char>(rng.below(256));
        break;
      case 1:
        text.erase(at, 1 + rng.below(4));
        break;
      default:
        text.insert(at, text.substr(rng.below(text.size()), rng.below(12)));
    }
    if (text.empty()) text = "x";
  }
  return text;
}

}  // namespace

TEST_CASE("damaged_addresses_ranges_and_bodies_never_do_more_than_throw") {
  const std::string seeds[] = {
      "api/maps/0001/column/p_drive?x=1&y=%20",
      "api/audio/%2e%2e%2f..",
      "bytes=0-9,5-",
      "bytes=-3",
      R"({"effect":["builtin:gain"],"settings":[0.5,1e9],"x":0.25,"points":12})",
      R"({"format":1,"effect":"builtin:gain","parameters":[{"id":"a"}],"points":40,"columns":[]})"};
  Rng rng(3);
  for (const std::string& seed : seeds) fuzz_request(seed);
  for (int round = 0; round < 20000; ++round) fuzz_request(damaged(seeds[rng.below(std::size(seeds))], rng));
}

TEST_CASE("damaged_requests_are_answered_or_hung_up_on") {
  const Serving serving;
  const std::string seeds[] = {
      "GET /api/about HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-1\r\n\r\n",
      "POST /api/texts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 15\r\n\r\n{\"effect\":\"eq\"}",
      "POST /api/texts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"};
  Rng rng(5);
  for (int round = 0; round < 300; ++round) {
    client::Connection connection(serving.port());
    connection.send(damaged(seeds[rng.below(std::size(seeds))], rng));
    ::shutdown(connection.descriptor(), SHUT_WR);  // the server must not wait for more
    const int status = connection.answer().status;
    CHECK((status == 0 || (status >= 200 && status < 500)));
  }
  CHECK(serving.get("/api/about").status == 200);
}
