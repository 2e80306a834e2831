#include "study/session_store.hpp"

#include <fmt/chrono.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "soundalike/error.hpp"
#include "soundalike/sha256.hpp"
#include "study/session_record.hpp"

namespace soundalike {

using Json = nlohmann::ordered_json;

std::string time_now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

StoredSession SessionStore::find(std::string_view code) const {
  Statement query = database_.statement("SELECT id, code, created, plan FROM sessions WHERE code = ?");
  if (!query.bind(0, code).step()) {
    throw Error(ErrorCode::not_found,
                fmt::format("there is no session '{}' in this study; was it erased?", code.substr(0, 64)));
  }
  return {query.number(0), query.text(1), query.text(2), parse_plan(query.text(3))};
}

bool SessionStore::holds(std::string_view code) const {
  return database_.statement("SELECT 1 FROM sessions WHERE code = ?").bind(0, code).step();
}

bool SessionStore::erased(std::string_view code) const {
  return database_.statement("SELECT 1 FROM erased WHERE digest = ?").bind(0, sha256_hex(code)).step();
}

std::vector<StoredEvent> SessionStore::events(const StoredSession& session) const {
  Statement query =
      database_.statement("SELECT client_seq, type, body, received FROM events WHERE session = ? ORDER BY client_seq");
  query.bind(0, session.id);
  std::vector<StoredEvent> result;
  while (query.step()) result.push_back({{query.number(0), query.text(1), query.text(2)}, query.text(3)});
  return result;
}

std::vector<std::string> SessionStore::codes() const {
  Statement query = database_.statement("SELECT code FROM sessions ORDER BY id");
  std::vector<std::string> codes;
  while (query.step()) codes.push_back(query.text(0));
  return codes;
}

std::size_t SessionStore::Change::created_sessions() const {
  Statement counter = store_.database_.statement("SELECT value FROM counters WHERE name = 'sessions'");
  counter.step();
  return static_cast<std::size_t>(counter.number(0));
}

void SessionStore::Change::add_session(std::string_view code, const std::string& created, const std::string& plan) {
  store_.database_.statement("INSERT INTO sessions (code, created, plan) VALUES (?, ?, ?)")
      .bind(0, code)
      .bind(1, created)
      .bind(2, plan)
      .run();
  store_.database_.run("UPDATE counters SET value = value + 1 WHERE name = 'sessions'");
  const Json line{{"kind", "session"}, {"session", code}, {"created", created}, {"plan", Json::parse(plan)}};
  lines_ += line.dump() + "\n";
}

void SessionStore::Change::append(const StoredSession& session, const std::vector<StudyEvent>& events,
                                  AppendResult& result, const std::string& received) {
  const std::string time = received.empty() ? time_now() : received;
  Statement insert = store_.database_.statement(
      "INSERT INTO events (session, client_seq, type, body, received) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT (session, client_seq) DO NOTHING");
  for (const StudyEvent& event : events) {
    if (const auto why = refusal(event, session.plan)) {
      result.refused.push_back({event.client_seq, *why});
      continue;
    }
    insert.bind(0, session.id).bind(1, event.client_seq).bind(2, event.type).bind(3, event.body).bind(4, time);
    insert.run();
    insert.again();
    if (store_.database_.changes() == 0) {
      ++result.repeated;
      continue;
    }
    ++result.accepted;
    const Json line{{"kind", "event"},    {"session", session.code},         {"client_seq", event.client_seq},
                    {"type", event.type}, {"body", Json::parse(event.body)}, {"received", time}};
    lines_ += line.dump() + "\n";
  }
}

void SessionStore::Change::note_erased(const std::string& digest) {
  store_.database_.statement("INSERT INTO erased VALUES (?) ON CONFLICT DO NOTHING").bind(0, digest).run();
  if (store_.database_.changes() > 0) lines_ += Json{{"kind", "erased"}, {"digest", digest}}.dump() + "\n";
}

void SessionStore::Change::erase(const StoredSession& session) {
  store_.database_.statement("DELETE FROM sessions WHERE id = ?").bind(0, session.id).run();
  store_.mirror_.filter([&](std::string_view line) {
    const Json parsed = Json::parse(line, nullptr, false);
    return !parsed.is_object() || parsed.value("session", "") != session.code;
  });
  note_erased(sha256_hex(session.code));
}

}  // namespace soundalike
