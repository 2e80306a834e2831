#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>

#include "evaluate/record_log.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/evaluation.hpp"
#include "soundalike/evaluation_report.hpp"
#include "soundalike/run_folder.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

RunInfo info_of(const Protocol& protocol, const EffectLibrary& library, const std::string& command) {
  RunInfo info;
  info.kind = "evaluation";
  info.command = command;
  info.configuration = to_json(protocol);
  info.seed = protocol.seed;
  for (const auto& item : protocol.cases) {
    for (const auto* chain : {&item.effect, &item.made_with}) {
      for (const auto& name : *chain) {
        const EffectListing& effect = library.find(name);
        info.versions[effect.info.id] = effect.info.version;
      }
    }
  }
  return info;
}

void write_examples(const fs::path& folder, const PairAudio& audio) {
  if (audio.empty()) return;
  fs::create_directories(folder);
  for (const auto& [name, sound] : audio) write_audio(folder / (name + ".wav"), sound);
}

// The last line of each pair: it stands there twice where it was done again with another model.
std::vector<PairRecord> latest(const std::vector<PairRecord>& records, const fs::path& file) {
  std::map<std::pair<std::size_t, std::size_t>, const PairRecord*> last;
  for (const PairRecord& record : records) {
    const PairRecord*& known = last[{record.item, record.pair}];
    if (known != nullptr && known->models == record.models) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot go on with '{}': pair {} of case {} stands there twice", file.string(),
                              record.pair, record.item));
    }
    known = &record;
  }
  std::vector<PairRecord> out;
  for (const auto& [pair, record] : last) out.push_back(*record);
  return out;
}

}  // namespace

Evaluation run_evaluation(const Protocol& protocol, const fs::path& folder, const EffectLibrary& library,
                          const EvaluateOptions& options, const std::string& command, const Progress& progress,
                          const std::stop_token& stop) {
  const RunInfo info = info_of(protocol, library, command);
  RunFolder run = RunFolder::holds_run(folder) ? RunFolder::resume(folder, info) : RunFolder::create(folder, info);
  evaluate::RecordLog log(folder / "records.jsonl");
  EvaluateOptions more = options;
  more.finished = latest(log.records(), folder / "records.jsonl");
  more.keep = [&](const EvaluationCase& item, const PairRecord& record, const PairAudio& audio) {
    write_examples(folder / "audio" / item.name / pair_name(record.pair), audio);
    log.add(record);
    if (options.keep) options.keep(item, record, audio);
  };
  Evaluation result = evaluate_protocol(protocol, library, more, progress, stop);
  if (result.stopped) {
    run.end(RunState::stopped);
    return result;
  }
  const auto began = std::chrono::steady_clock::now();
  const std::size_t threads = thread_count(options);
  write_file(folder / "results.csv", to_csv(result));
  write_file(folder / "knobs.csv", knobs_to_csv(result));
  const auto summaries = summarise_all(result, threads);
  write_file(folder / "results.json", to_json(result, summaries));
  write_file(folder / "results.md", to_markdown(result, summaries.front().cases));
  write_file(folder / "overview.svg", to_svg(summaries.front().view, summaries.front().cases));
  write_file(folder / "knobs.md", knobs_to_markdown(result));
  write_file(folder / "report.html", to_html(result, summaries, report_origin(command), folder / "audio", threads));
  result.times.add(EvaluationTimes::report,
                   std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  run.end(RunState::finished);
  return result;
}

}  // namespace soundalike
