#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "serve/app.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/recipe.hpp"

namespace soundalike::serve {
namespace {

struct MatchRequest {
  Clip input;
  Clip reference;
  std::vector<EffectListing> chain;
  MatchOptions options;
};

std::string chain_name(const std::vector<EffectListing>& chain) {
  std::string name;
  for (const EffectListing& listing : chain) name += (name.empty() ? "" : " > ") + listing.info.name;
  return name;
}

Start start_of(const std::string& name) {
  if (name == "automatic") return Start::automatic;
  if (name == "predict") return Start::predict;
  if (name == "profile") return Start::profile;
  if (name == "random") return Start::random;
  throw Error(ErrorCode::invalid_argument, "the request's 'init' must be automatic, predict, profile or random");
}

// The input as matched, as a clip of its own.
Clip render_match(App& app, const MatchRequest& request, const Match& match, Recipe& recipe, JobBoard::Talk& talk) {
  const auto output = app.options.folder / "audio" / fmt::format("match-{}-{}.wav", ::getpid(), request.input.id);
  const SpooledFile file(output);
  RenderFileOptions options{.format = SampleFormat::float32, .renderer = app.options.renderer};
  if (std::isfinite(match.reference_lufs)) options.target_lufs = match.reference_lufs;
  const RenderedFile rendered =
      render_file(request.input.file, output, recipe, request.chain, options, talk.progress, talk.stop);
  recipe.output_gain_db = rendered.output_gain_db;
  return app.clips.add(output, fmt::format("{} like {}", request.input.name, request.reference.name));
}

Json run_match(App& app, const MatchRequest& request, JobBoard::Talk& talk) {
  MatchOptions options = request.options;
  options.on_nearer = [&](std::size_t renders, std::span<const float> settings, double distance) {
    const Json step{{"render", renders},
                    {"settings", std::vector<float>(settings.begin(), settings.end())},
                    {"distance", distance}};
    talk.events.publish("path", step.dump());
  };
  Matcher matcher(request.chain, app.options.renderer);
  const Match match =
      matcher.match_files(request.input.file, request.reference.file, options, talk.progress, talk.stop);
  if (talk.stop.stop_requested()) throw Error(ErrorCode::cancelled, "cancelled while matching");
  Recipe recipe = matcher.recipe(match, options, request.input.rate, request.input.channels);
  recipe.input = request.input.name;
  recipe.reference = request.reference.name;
  const Clip output = render_match(app, request, match, recipe, talk);
  Json effects = Json::array();
  for (const EffectListing& listing : request.chain) effects.push_back(listing.info.id);
  return {{"effect", effects.size() == 1 ? effects.front() : effects},
          {"settings", match.used_settings},
          {"texts", texts_json(request.chain, match.used_settings, request.input.rate.hz)},
          {"distance",
           {{"before", number_or_null(match.distance_before)}, {"after", number_or_null(match.distance_after)}}},
          {"kept_dry", match.kept_dry},
          {"renders", match.renders},
          {"failed_renders", match.failed_renders},
          {"wall_seconds", match.profile.wall_seconds},
          {"controller", match.controller},
          {"audio", output.id},
          {"recipe", Json::parse(to_json(recipe))}};
}

}  // namespace

Response start_match(App& app, const Request& request) {
  const Fields fields(parse_json(request.body));
  MatchRequest match;
  match.input = app.clips.find(fields.text("input"));
  match.reference = app.clips.find(fields.text("reference"));
  match.chain = app.effects.chain(fields.texts("effect"));
  match.options.budget = fields.whole("budget", 1, 100000, 400);
  if (fields.has("seconds")) match.options.seconds = fields.number("seconds", 0.01, 3600.0);
  match.options.seed = fields.whole("seed", 0, ~std::uint64_t{0}, 1);
  match.options.start = start_of(fields.text("init", "automatic"));
  const std::string title =
      fmt::format("{} like {}: {}", match.input.name, match.reference.name, chain_name(match.chain));
  const std::string job =
      app.jobs.start("match", title, [&app, match](JobBoard::Talk& talk) { return run_match(app, match, talk); });
  return json_response({{"job", job}}, 202);
}

}  // namespace soundalike::serve
