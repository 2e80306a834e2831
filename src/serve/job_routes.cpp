#include "serve/app.hpp"

namespace soundalike::serve {

Response list_jobs(App& app, const Request&) { return json_response(app.jobs.list()); }

Response describe_job(App& app, const Request& request) { return json_response(app.jobs.find(request.capture("job"))); }

Response watch_job(App& app, const Request& request) {
  Response response;
  response.events = app.jobs.events(request.capture("job"));
  return response;
}

Response remove_job(App& app, const Request& request) {
  app.jobs.remove(request.capture("job"));
  return empty_response();
}

}  // namespace soundalike::serve
