#include <fmt/format.h>

#include "serve/app.hpp"
#include "soundalike/error.hpp"
#include "soundalike/study.hpp"
#include "soundalike/study_analysis.hpp"

namespace soundalike::serve {
namespace {

Study& study_of(App& app, const Request& request) {
  const auto found = app.studies.find(request.capture("study"));
  if (found == app.studies.end()) throw Error(ErrorCode::not_found, "there is no such listening test");
  return *found->second;
}

const std::string& session_of(const Request& request) { return request.capture("session"); }

Response as_json(std::string document, int status = 200) {
  Response response = bytes_response(std::move(document), "application/json");
  response.status = status;
  return response;
}

}  // namespace

Response list_studies(App& app, const Request&) {
  Json rows = Json::array();
  for (const auto& [name, study] : app.studies) {
    Json listeners = Json::array();
    std::size_t finished = 0;
    for (const std::string& code : study->sessions()) {
      const SessionState state = study->state(code);
      if (state.stage == SessionStage::finished) ++finished;
      // Not the code: who has it can erase the session.
      listeners.push_back({{"assessor", fmt::format("A{:03}", listeners.size() + 1)},
                           {"stage", to_string(state.stage)},
                           {"trials_done", state.trials_done},
                           {"trials", state.trials}});
    }
    rows.push_back({{"name", name},
                    {"title", study->definition().title},
                    {"attribute", study->definition().attribute},
                    {"trials", study->definition().trials.size()},
                    {"sessions", listeners.size()},
                    {"finished", finished},
                    {"listeners", std::move(listeners)}});
  }
  return json_response(rows);
}

Response describe_study(App& app, const Request& request) {
  return as_json(to_json(study_of(app, request).definition()));
}

Response begin_session(App& app, const Request& request) {
  return json_response({{"session", study_of(app, request).create_session()}}, 201);
}

Response show_session(App& app, const Request& request) {
  return as_json(to_json(study_of(app, request).state(session_of(request))));
}

Response take_events(App& app, const Request& request) {
  parse_json(request.body);  // not nested too deep
  return as_json(to_json(study_of(app, request).append(session_of(request), parse_events(request.body))));
}

Response send_stimulus(App& app, const Request& request) {
  const std::string& blind = request.capture("stimulus");
  const auto file = study_of(app, request).stimulus(session_of(request), blind);
  // Nothing that two stimuli of one file would share: no digest, no date.
  return content_response(request, {.type = "audio/wav", .etag = blind, .source = file, .cache = "private, no-cache"});
}

Response take_session_away(App& app, const Request& request) {
  Response response = as_json(study_of(app, request).export_session(session_of(request)));
  response.with("Content-Disposition", attachment(fmt::format("listening-test-{}.json", session_of(request))));
  return response;
}

Response erase_session(App& app, const Request& request) {
  study_of(app, request).erase_session(session_of(request));
  return empty_response();
}

Response report_study(App& app, const Request& request) {
  AnalysisOptions options;
  options.power_simulations = 0;  // somebody waits for the page; `soundalike study report` has the time
  return bytes_response(to_html(analyse_study(study_of(app, request).results(), options)), "text/html; charset=utf-8");
}

Response send_results(App& app, const Request& request) {
  const StudyResults results = study_of(app, request).results();
  const std::string& table = request.capture("table");
  std::string csv;
  if (table == "grades.csv") {
    csv = grades_csv(results);
  } else if (table == "choices.csv") {
    csv = choices_csv(results);
  } else if (table == "answers.csv") {
    csv = answers_csv(results);
  } else {
    throw Error(ErrorCode::not_found, "there are grades.csv, choices.csv and answers.csv");
  }
  Response response = bytes_response(std::move(csv), "text/csv; charset=utf-8");
  response.with("Content-Disposition", attachment(fmt::format("{}-{}", request.capture("study"), table)));
  return response;
}

}  // namespace soundalike::serve
