#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "common_options.hpp"
#include "context.hpp"
#include "soundalike/classifier.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/effect_survey.hpp"
#include "soundalike/error.hpp"
#include "soundalike/pca.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/scatter_picture.hpp"
#include "soundalike/umap.hpp"
#include "table.hpp"
#include "threads.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t folds = 5;

constexpr Positional positionals[] = {
    {.name = "corpus", .kind = ValueKind::folder, .help = "recordings; those of its training and validation splits"},
};
constexpr Option options[] = {
    effects_option("the effects to tell apart, two at least"),
    {.name = "output",
     .letter = 'o',
     .kind = ValueKind::output_file,
     .value = "FILE",
     .help = "draw the renders, a colour per effect, .png or .svg"},
    {.name = "recordings",
     .letter = 'n',
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "40",
     .minimum = 5,
     .maximum = 100000,
     .help = "drawn from the corpus"},
    {.name = "settings",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "5",
     .minimum = 1,
     .maximum = 1000,
     .help = "per effect and recording, at random"},
    encoder_option("an encoder that soundalike models lists, a .salmodel file, or the statistics style or features"),
    part_seconds_option("of each recording's liveliest part"),
    seed_option("of recordings, settings and forests"),
};
constexpr Example examples[] = {
    {"soundalike latent effects recordings -e 'MDA Overdrive' -e 'MDA Delay' -o effects.png",
     "two effects in one picture"},
    {"soundalike latent effects recordings -e builtin:delay -e builtin:reverb -e builtin:chorus --encoder style",
     "which of three effects was it"},
};

std::vector<GroupedRecording> load(const Arguments& arguments) {
  const Corpus corpus(arguments.text("corpus"));
  std::vector<std::filesystem::path> files;
  for (const Split split : {Split::train, Split::validation}) {
    const auto part = corpus.files(split);
    files.insert(files.end(), part.begin(), part.end());
  }
  Rng rng(static_cast<std::uint64_t>(arguments.integer("seed")));
  for (std::size_t i = files.size(); i > 1; --i) std::swap(files[i - 1], files[rng.below(i)]);
  std::map<std::string, std::size_t> groups;
  std::vector<GroupedRecording> recordings;
  for (const auto& file : files) {
    if (recordings.size() == static_cast<std::size_t>(arguments.integer("recordings"))) break;
    const AudioBuffer audio = load_recording(file, {.sample_rate = SampleRate{24000.0}, .channels = 1});
    if (audio.seconds() < 0.1) continue;
    const std::size_t group = groups.emplace(source_group(file), groups.size()).first->second;
    recordings.push_back({AudioBuffer(active_excerpt(audio, arguments.number("seconds"))), group});
  }
  if (groups.size() < folds) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot tell effects apart with {} recordings of {} sources: it takes {} sources",
                            recordings.size(), groups.size(), folds));
  }
  return recordings;
}

int run(const Arguments& arguments, Context& context) {
  const EffectLibrary library;
  std::vector<EffectListing> effects;
  for (const auto& name : arguments.all("effect")) effects.push_back(library.find(name));
  if (effects.size() < 2) throw Error(ErrorCode::invalid_argument, "cannot tell one effect apart: give --effect twice");
  const auto seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  const std::size_t threads = threads_of(context);
  const Embedder embedder(arguments.text("encoder"));
  EffectSurveyOptions how{.settings = static_cast<std::size_t>(arguments.integer("settings")), .seed = seed};
  how.renderer.workers = context.jobs();
  const EffectSurvey survey =
      survey_effects(effects, load(arguments), embedder, how, context.progress(), context.stop());

  const std::size_t size = std::min({survey.embedding_size, EffectSurvey::spectrogram_size});
  const std::vector<float> components = fit_pca(survey.spectrogram_rows(), size).project(survey.spectrogram_rows());
  Json scores = Json::array();
  Table table({{"classifier"}, {"numbers"}, {"accuracy", true}, {"macro F1", true}});
  const std::pair<std::string, Rows> sets[] = {{embedder.name(), survey.embedding_rows()},
                                               {fmt::format("PCA {} of spectrogram", size), {components, size}}};
  for (const ClassifierKind& kind : classifiers()) {
    for (const auto& [name, rows] : sets) {
      const auto answers = cross_validate(kind, {rows, survey.effects}, survey.groups, folds, seed, threads);
      const ClassScores found = score_classes(survey.effects, answers);
      table.add(
          {std::string(kind.name), name, fmt::format("{:.3f}", found.accuracy), fmt::format("{:.3f}", found.macro_f1)});
      scores.push_back({{"classifier", kind.name},
                        {"numbers", name},
                        {"accuracy", found.accuracy},
                        {"macro_f1", found.macro_f1},
                        {"confusion", found.confusion}});
    }
  }
  const std::string output = arguments.text("output");
  if (!output.empty()) {
    ScatterPanel panel{.title = fmt::format("{} effects by {}", effects.size(), embedder.name()), .horizontal = "umap"};
    panel.positions = umap(survey.embedding_rows(), {.seed = seed, .threads = threads});
    for (const int effect : survey.effects) panel.colors.push_back(color_of_class(effect));
    for (std::size_t e = 0; e < effects.size(); ++e) {
      panel.legend.emplace_back(effects[e].info.name, color_of_class(static_cast<int>(e)));
    }
    write_scatter_picture(output, std::array{panel}, 1);
  }
  context.clear_progress();
  if (context.json()) {
    Json names = Json::array();
    for (const auto& effect : effects) names.push_back(effect.info.id);
    context.emit(
        {{"effects", names}, {"renders", survey.effects.size()}, {"failed", survey.failed}, {"scores", scores}});
  } else {
    context.print(fmt::format("{} renders of {} effects, {} failed; {} folds by source\n\n", survey.effects.size(),
                              effects.size(), survey.failed, folds) +
                  table.text(context.width(), context.colored()));
  }
  return 0;
}

}  // namespace

extern const Command latent_effects_command{
    .name = "latent effects",
    .summary = "how well an encoder tells effects apart",
    .description =
        "Renders several effects at random settings on the same recordings, embeds what comes out, and learns to say "
        "which effect it was: a random forest, logistic regression, nearest neighbours; each also on as many principal "
        "components of the mel spectrogram (averaged to 32 x 32), as a baseline. Answers are about sources that were "
        "not learnt from, in five folds. Recordings that the corpus keeps for tests are not touched.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
