#include "study/import.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "soundalike/error.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot import '{}': {}", file.string(), why));
}

// What a listener's page offers when the server is gone, and export_session() writes.
void import_document(const std::filesystem::path& file, const Json& document, const std::string& study,
                     const SessionStore& store, SessionStore::Change& change, AppendResult& result) {
  if (document.value("study", "") != study) {
    refuse(file, fmt::format("it is of study '{}', not '{}'", document.value("study", ""), study));
  }
  const std::string session = document.value("session", "");
  if (store.erased(session)) refuse(file, "its session was erased");
  if (!store.holds(session)) {
    throw Error(ErrorCode::not_found,
                fmt::format("cannot import '{}': this study knows no session '{}'; if its database was lost, import "
                            "results.jsonl first",
                            file.string(), session));
  }
  if (!document.contains("events")) refuse(file, "it has no 'events'");
  change.append(store.find(session), parse_events(document["events"].dump()), result);
}

// A line of results.jsonl.
void import_line(const Json& line, const SessionStore& store, SessionStore::Change& change, AppendResult& result) {
  const std::string kind = line.at("kind");
  if (kind == "erased") {
    change.note_erased(line.at("digest"));
    return;
  }
  const std::string session = line.at("session");
  if (store.erased(session)) return;
  if (kind == "session" && !store.holds(session)) {
    const std::string plan = line.at("plan").dump();
    parse_plan(plan);
    change.add_session(session, line.at("created"), plan);
  } else if (kind == "event" && store.holds(session)) {
    const StudyEvent event{line.at("client_seq"), line.at("type"), line.at("body").dump()};
    change.append(store.find(session), {event}, result, line.value("received", ""));
  } else if (kind == "event") {
    result.refused.push_back({line.at("client_seq"), fmt::format("there is no session '{}'", session)});
  }
}

// The (session, client_seq) of an event's line.
std::optional<std::pair<std::string, std::int64_t>> event_key(const Json& line) {
  if (!line.is_object() || line.value("kind", Json()) != "event") return {};
  const Json session = line.value("session", Json()), seq = line.value("client_seq", Json());
  if (!session.is_string() || !seq.is_number_integer()) return {};
  return std::pair{session.get<std::string>(), seq.get<std::int64_t>()};
}

// Leaves null where a later line tells the same event: a crash between a line's writing and its commit makes its sender
// send again, and the later line is the one that the database took.
void drop_superseded(std::vector<Json>& lines) {
  std::set<std::pair<std::string, std::int64_t>> later;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const auto key = event_key(*line);
    if (key && !later.insert(*key).second) *line = nullptr;
  }
}

}  // namespace

AppendResult import_results(const std::filesystem::path& file, const std::string& study, const SessionStore& store) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot import '{}': no such file", file.string()));
  const std::string text(std::istreambuf_iterator<char>(in), {});
  const Json document = Json::parse(text, nullptr, false);
  AppendResult result;
  store.change([&](SessionStore::Change& change) {
    if (document.is_object() && document.contains("events")) {
      import_document(file, document, study, store, change, result);
      return;
    }
    std::vector<Json> lines;
    each_line(file, [&](std::string_view line) { lines.push_back(Json::parse(line, nullptr, false)); });
    drop_superseded(lines);
    std::size_t number = 0, understood = 0;
    for (const Json& line : lines) {
      ++number;
      if (line.is_null()) continue;
      try {
        import_line(line, store, change, result);
        ++understood;
      } catch (const nlohmann::json::exception&) {  // cut off by a crash; the event was not acknowledged
        result.refused.push_back({0, fmt::format("line {} is damaged", number)});
      }
    }
    if (understood == 0) refuse(file, "it is neither results.jsonl nor a listener's download");
  });
  return result;
}

}  // namespace soundalike
