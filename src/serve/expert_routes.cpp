#include <fmt/format.h>

#include <algorithm>

#include "serve/app.hpp"
#include "soundalike/error.hpp"
#include "study/csv.hpp"

namespace soundalike::serve {
namespace {

const std::string& map_id(const Request& request) { return request.capture("map"); }

Json state_of(App& app, const Request& request, const std::string& session) {
  const auto map = app.maps.open(map_id(request));
  Json state;
  app.experts.look(session, map_id(request),
                   [&](const ExpertSession& at) { state = at.state(*map, map->outline().effect_name); });
  return state;
}

std::vector<ExpertSession::Event> events_of(const Request& request) {
  const Json list = parse_json(request.body);
  if (!list.is_array()) throw Error(ErrorCode::invalid_argument, "the request's body must be a list of events");
  std::vector<ExpertSession::Event> events;
  for (const Json& one : list) {
    const Fields fields(one);
    const std::uint64_t seq = fields.whole("client_seq", 1, std::uint64_t{1} << 53, 0);
    if (seq == 0) throw Error(ErrorCode::invalid_argument, "an event needs a client_seq from 1 up");
    Json body = one.value("body", Json::object());
    if (!body.is_object()) throw Error(ErrorCode::invalid_argument, "an event's body must be an object");
    events.push_back({seq, fields.text("type"), std::move(body)});
  }
  return events;
}

using Cells = std::vector<std::string>;

std::string text_of(std::size_t number) { return fmt::format("{}", number); }

// Score and comment, which end every row.
Cells scored(Cells cells, const ExpertSession::Event& event) {
  cells.push_back(fmt::format("{}", event.body.value("score", 0)));
  cells.push_back(event.body.value("comment", ""));
  return cells;
}

// The original's columns: its analysis reads these files.
Cells test1_row(const ExpertSession& session, const LatentMap&, std::size_t i, const ExpertSession::Event& event) {
  const auto& trial = session.plan().midpoints[i];
  return scored({text_of(trial.a), text_of(trial.b), text_of(i + 1)}, event);
}
Cells test2_row(const ExpertSession& session, const LatentMap& map, std::size_t i, const ExpertSession::Event& event) {
  const auto chosen = map.locate(session.plan().projection, event.body.value("x", 0.0), event.body.value("y", 0.0));
  return {session.plan().prompts[i].text,
          text_of(i + 1),
          text_of(event.body.value("attempts", std::size_t{0})),
          fmt::format("{}", event.body.value("score", 0)),
          text_of(chosen.neighbours.front().point),
          event.body.value("comment", "")};
}
Cells final_row(const ExpertSession& session, const LatentMap&, std::size_t i, const ExpertSession::Event& event) {
  return scored({session.plan().questions[i], text_of(i + 1)}, event);
}
// What the original had no place for: whose answers they are, and which trials were controls.
Cells midpoints_row(const ExpertSession& session, const LatentMap&, std::size_t i, const ExpertSession::Event& event) {
  const auto& trial = session.plan().midpoints[i];
  return scored({session.plan().session, text_of(i + 1), text_of(trial.a), text_of(trial.b), text_of(trial.c),
                 trial.control ? "1" : "0"},
                event);
}

struct Table {
  std::string_view name;
  Cells header;  // behind "effect"
  std::string_view scores;
  Cells (*row)(const ExpertSession&, const LatentMap&, std::size_t, const ExpertSession::Event&);
};
std::vector<Table> tables() {
  return {{"test1.csv", {"a", "b", "example_num", "score", "comments"}, "score_midpoint", test1_row},
          {"test2.csv",
           {"prompt_text", "prompt_num", "num_attempts", "score", "id_chosen", "comments"},
           "score_prompt",
           test2_row},
          {"final.csv", {"question_text", "question_num", "score", "comments"}, "score_question", final_row},
          {"midpoints.csv",
           {"session", "number", "a", "b", "c", "control", "score", "comment"},
           "score_midpoint",
           midpoints_row}};
}

Cells with_effect(std::string effect, const Cells& cells) {
  Cells all{std::move(effect)};
  all.insert(all.end(), cells.begin(), cells.end());
  return all;
}

}  // namespace

Response begin_expert(App& app, const Request& request) {
  const auto map = app.maps.open(map_id(request));
  const Fields fields(request.body.empty() ? Json::object() : parse_json(request.body));
  ExpertOptions options;
  options.projection = fields.text("projection", map->default_projection());
  map->projection(options.projection);  // says so when there is none
  options.midpoints = fields.whole("midpoints", 1, 100, options.midpoints);
  options.control_share = fields.number("control_share", 0.0, 1.0, options.control_share);
  if (fields.has("prompts")) {
    for (const Json& text : fields.list("prompts")) {
      if (!text.is_string() || options.prompts.size() >= 100) {
        throw Error(ErrorCode::invalid_argument, "the request's 'prompts' must be a list of at most 100 texts");
      }
      options.prompts.push_back(text);
    }
  }
  const std::string session = ExpertStore::draw_code();
  options.seed = fields.whole("seed", 0, ~std::uint64_t{0}, std::stoull(session.substr(0, 15), nullptr, 16));
  app.experts.begin(draw_plan(*map, map_id(request), session, options));
  return json_response(state_of(app, request, session), 201);
}

Response show_expert(App& app, const Request& request) {
  return json_response(state_of(app, request, request.capture("session")));
}

Response take_expert_events(App& app, const Request& request) {
  const std::string& session = request.capture("session");
  state_of(app, request, session);  // of this map
  const auto result = app.experts.append(session, events_of(request));
  return json_response(
      {{"accepted", result.accepted}, {"repeated", result.repeated}, {"state", state_of(app, request, session)}});
}

Response send_expert_stimulus(App& app, const Request& request) {
  const auto map = app.maps.open(map_id(request));
  std::optional<std::size_t> point;
  app.experts.look(request.capture("session"), map_id(request),
                   [&](const ExpertSession& session) { point = session.heard(request.capture("stimulus")); });
  if (!point) throw Error(ErrorCode::not_found, "there is no such stimulus");
  Hearing hearing;
  hearing.chain = app.effects.chain({map->outline().effect});
  map->is_of(hearing.chain.front());
  const auto settings = map->settings()[*point];
  hearing.settings.assign(settings.begin(), settings.end());
  hearing.clip = app.clips.find(app.maps.audio(map_id(request)));
  hearing.block_size = app.effects.block_size(hearing.chain);
  Response response = bytes_response(wav_bytes(app.live.render(hearing, "", 0).audio), "audio/wav");
  response.hold = app.backlog.take(response.size());
  return response;
}

Response export_expert(App& app, const Request& request) {
  const std::vector<Table> all = tables();
  const auto table = std::ranges::find(all, request.capture("table"), &Table::name);
  if (table == all.end()) {
    throw Error(ErrorCode::not_found, "there are test1.csv, test2.csv, final.csv and midpoints.csv");
  }
  const auto map = app.maps.open(map_id(request));
  CsvWriter csv(with_effect("effect", table->header));
  app.experts.look_at_all(map_id(request), [&](const ExpertSession& session) {
    for (std::size_t i = 0; i < session.asked(table->scores); ++i) {
      const auto* event = session.score(table->scores, i + 1);
      if (event != nullptr) csv.row(with_effect(map->outline().effect_name, table->row(session, *map, i, *event)));
    }
  });
  Response response = bytes_response(csv.text(), "text/csv; charset=utf-8");
  response.with("Content-Disposition", attachment(table->name));
  return response;
}

}  // namespace soundalike::serve
