#include <doctest/doctest.h>

#include "serve/rig.hpp"
#include "soundalike/error.hpp"

using client::Headers;

TEST_CASE("only_this_machines_names_are_answered_without_a_token") {
  const Serving serving;
  for (const char* host : {"127.0.0.1:1", "localhost", "[::1]:80"})
    CHECK(serving.get("/api/about", {{"Host", host}}).status == 200);
  for (const char* host : {"evil.example", "127.0.0.1.evil.example", ""}) {
    CAPTURE(host);
    CHECK(serving.get("/api/about", {{"Host", host}}).status == 403);
  }
}

TEST_CASE("pages_of_other_sites_change_nothing") {
  const Serving serving;
  const std::string own = "127.0.0.1:" + std::to_string(serving.port());
  const client::Json body{{"effect", "builtin:gain"}, {"settings", {0.5, 0.5, 0.5}}};
  for (const Headers& headers : {Headers{{"Origin", "http://evil.example"}}, Headers{{"Origin", "null"}},
                                 Headers{{"Sec-Fetch-Site", "cross-site"}}, Headers{{"Sec-Fetch-Site", "same-site"}},
                                 Headers{{"Origin", "http://127.0.0.1:1"}}}) {
    CAPTURE(headers.front().second);
    CHECK(serving.post("/api/texts", body, headers).code() == "forbidden");
  }
  CHECK(serving.post("/api/texts", body, {{"Origin", "http://" + own}, {"Sec-Fetch-Site", "same-origin"}}).status ==
        200);
}

TEST_CASE("a_public_server_wants_its_token") {
  CHECK_THROWS_AS(Serving([](auto& options) { options.open_to_all = true; }), soundalike::Error);
  const Serving serving([](auto& options) { options.token = "correct-horse"; });
  CHECK(serving.get("/api/about").status == 401);
  CHECK(serving.get("/").status == 401);
  CHECK(serving.get("/api/about", {{"Authorization", "Bearer wrong-horse--"}}).status == 401);
  CHECK(serving.get("/api/about", {{"Authorization", "Bearer correct-horse"}}).status == 200);
  CHECK(serving.get("/?token=wrong").status == 401);
  const auto welcome = serving.get("/map?token=correct-horse");
  CHECK(welcome.status == 303);
  CHECK(welcome.header("location") == "/map");
  const std::string cookie = welcome.header("set-cookie");
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  CHECK(serving.get("/api/about", {{"Cookie", "a=b; " + cookie.substr(0, cookie.find(';'))}}).status == 200);
}

TEST_CASE("no_path_leads_out_of_the_table") {
  const Serving serving;
  for (const char* target :
       {"/../../etc/passwd", "/api/audio/../../../etc/passwd", "/api/audio/%2e%2e/jobs",
        "/assets/%2e%2e/%2e%2e/etc/passwd", "/api/audio/..%2f..%2fetc%2fpasswd", "/api/jobs/..%2faudio%2fx", "/%00",
        "/api/audio/a%0d%0aSet-Cookie:x", "/%zz", "//", "/api//audio", "/api/audio/", "/.lock", "/audio/x.wav"}) {
    CAPTURE(target);
    const auto answer = serving.get(target);
    CHECK((answer.status == 400 || answer.status == 404 ||
           (answer.status == 200 && answer.header("content-type").starts_with("text/html")) ||
           answer.json().is_array()));
    CHECK(answer.body.find("root:") == std::string::npos);
    CHECK(answer.header("set-cookie").empty());
  }
}

TEST_CASE("what_is_no_request_is_refused_and_the_server_goes_on") {
  const Serving serving;
  const std::string host = "Host: localhost\r\n";
  for (const std::string& text :
       {std::string("\r\n\r\n\r\n"), std::string("GET\r\n\r\n"), std::string("GET / HTTP/9.9\r\n\r\n"),
        std::string(40, '\0') + "\r\n\r\n", "GET / HTTP/1.1\r\n" + host + "Bad Header: x\r\n\r\n",
        "POST /api/texts HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
        "POST /api/texts HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        "POST /api/texts HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET / HTTP/1.1\r\n" + host + host + "\r\n",
        "GET /api/about HTTP/1.1\r\n" + host + "X-Long: " + std::string(20000, 'a') + "\r\n\r\n",
        "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n"}) {
    CAPTURE(text.substr(0, 60));
    client::Connection connection(serving.port());
    connection.send(text);
    const auto answer = connection.answer();
    CHECK((answer.status == 0 || (answer.status >= 400 && answer.status < 500)));
  }
  CHECK(serving.get("/api/about").status == 200);
}

TEST_CASE("broken_json_is_refused_in_words") {
  const Serving serving;
  for (const std::string& body :
       {std::string("{"), std::string("[]"), std::string("null"), std::string("{\"effect\":7}"),
        std::string("{\"effect\":\"builtin:gain\"}"), std::string("{\"effect\":\"builtin:gain\",\"settings\":[2,0,0]}"),
        std::string("{\"effect\":\"builtin:gain\",\"settings\":\"x\"}"), std::string("{\"effect\":[],\"settings\":[]}"),
        std::string(100000, '['), std::string("{\"effect\":\"\xff\xfe\"}"), std::string()}) {
    CAPTURE(body.substr(0, 60));
    const auto answer = serving.post_bytes("/api/texts", body);
    CHECK((answer.status == 400 || answer.status == 404));
    CHECK_FALSE(answer.json()["error"]["message"].get<std::string>().empty());
  }
}

TEST_CASE("bodies_beyond_the_limit_are_refused_before_they_are_sent") {
  const Serving serving;
  client::Connection connection(serving.port());
  connection.send("POST /api/audio HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n");
  CHECK(connection.answer().status == 413);
  client::Connection chunked(serving.port());
  chunked.send("POST /api/texts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
  for (int i = 0; i < 20 && chunked.send(chunk); ++i) {
  }
  CHECK(chunked.answer().status == 413);
}

TEST_CASE("an_upload_that_is_cut_off_leaves_nothing") {
  const Serving serving;
  const auto before = serving.get("/api/audio").json().size();
  {
    client::Connection connection(serving.port());
    connection.send("POST /api/audio HTTP/1.1\r\nHost: localhost\r\nContent-Length: 67108864\r\n\r\n");
    connection.send(std::string(1 << 20, 'x'));
  }
  // The spool is emptied as soon as the server has seen the end; another upload is answered after that.
  CHECK(serving.post_bytes("/api/audio", example("voice.flac")).status == 201);
  CHECK(serving.get("/api/audio").json().size() == before);
}

TEST_CASE("a_request_in_pieces_is_answered_and_half_a_request_holds_nobody_up") {
  const Serving serving;
  client::Connection half(serving.port());
  half.send("POST /api/texts HTTP/1.1\r\nHost: local");
  const std::string text = client::request_text("GET", "/api/about", serving.port());
  client::Connection slow(serving.port());
  for (const char c : text) slow.send(std::string_view(&c, 1));
  CHECK(slow.answer().status == 200);
}

TEST_CASE("requests_sent_at_once_are_answered_in_order") {
  const Serving serving;
  client::Connection connection(serving.port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += client::request_text("GET", i % 2 == 0 ? "/api/about" : "/api/nope", serving.port());
  connection.send(all);
  for (int i = 0; i < 50; ++i) {
    CAPTURE(i);
    CHECK(connection.answer().status == (i % 2 == 0 ? 200 : 404));
  }
}

TEST_CASE("ten_thousand_ranges_cost_one_answer") {
  const Serving serving;
  const std::string clip = "/api/audio/" + serving.clip("band");
  std::string many = "bytes=0-1";
  for (int i = 0; i < 3000; ++i) many += ",0-9";
  CHECK(serving.get(clip, {{"Range", many}}).status == 200);
  client::Connection connection(serving.port());
  for (int i = 0; i < 10000; ++i) {
    connection.send(client::request_text("GET", clip, serving.port(), {},
                                         {{"Range", "bytes=" + std::to_string(i) + "-" + std::to_string(i + 9)}}));
    if (connection.answer().body.size() != 10) FAIL("range ", i);
  }
}

TEST_CASE("ending_the_server_ends_open_event_streams_and_jobs") {
  Serving serving;
  const auto started = serving.post("/api/match", {{"input", serving.clip("band")},
                                                   {"reference", serving.clip("band-reference")},
                                                   {"effect", "builtin:reverb"},
                                                   {"budget", 100000}});
  const std::string job = started.json()["job"];
  client::Connection events(serving.port());
  events.send(client::request_text("GET", "/api/jobs/" + job + "/events", serving.port()));
  CHECK(events.until("\"running\"").has_value());
  serving.stop();
  while (events.receive()) {
  }
  serving.start();
  const auto ended = serving.get("/api/jobs/" + job).json();
  CHECK(ended["state"] == "failed");
  CHECK(ended["error"]["code"] == "cancelled");
}
