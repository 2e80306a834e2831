#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "numbers.hpp"
#include "soundalike/data_check.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr Positional positionals[] = {
    {.name = "folder", .kind = ValueKind::folder, .help = "recordings, in folders of any depth"},
};
constexpr Option options[] = {
    {.name = "min-seconds",
     .kind = ValueKind::number,
     .value = "S",
     .fallback = "1",
     .minimum = 0,
     .unit = "s",
     .help = "recordings shorter than this are too short"},
    {.name = "silence",
     .kind = ValueKind::number,
     .value = "DBFS",
     .fallback = "-60",
     .minimum = -140,
     .maximum = 0,
     .unit = "dB",
     .help = "recordings with an RMS level below this are silent"},
};
constexpr Example examples[] = {
    {"soundalike data check recordings", "what a folder holds, before hours are spent on it"},
    {"soundalike data check recordings --min-seconds 12 --json", "what is long enough for pairs, for a program"},
};

Json paths_json(const std::vector<fs::path>& paths) {
  Json out = Json::array();
  for (const fs::path& path : paths) out.push_back(path.string());
  return out;
}

Json json_of(const DataCheck& check) {
  Json out{{"files", check.files}, {"usable", check.usable()}, {"seconds", check.seconds}};
  out["sample_rates"] = Json::object();
  for (const auto& [rate, count] : check.rates) out["sample_rates"][plain_text(rate)] = count;
  out["channels"] = Json::object();
  for (const auto& [channels, count] : check.channels) out["channels"][std::to_string(channels)] = count;
  for (const auto& [split, summary] : check.splits) {
    out["splits"][std::string(to_string(split))] = {
        {"recordings", summary.recordings}, {"groups", summary.groups}, {"seconds", summary.seconds}};
  }
  out["too_short"] = paths_json(check.too_short);
  out["silent"] = paths_json(check.silent);
  out["unreadable"] = Json::array();
  for (const UnreadableFile& file : check.unreadable) {
    out["unreadable"].push_back({{"file", file.file.string()}, {"reason", file.reason}});
  }
  out["duplicates"] = Json::array();
  for (const auto& files : check.duplicates) out["duplicates"].push_back(paths_json(files));
  out["leaks"] = Json::array();
  for (const auto& files : check.leaks) out["leaks"].push_back(paths_json(files));
  out["manifest"] = nullptr;
  if (check.manifest) {
    out["manifest"] = {{"digest", *check.manifest},
                       {"missing", check.missing},
                       {"changed", check.changed},
                       {"unlisted", paths_json(check.unlisted)}};
  }
  return out;
}

// "3 of them, the first 'a.wav'".
std::string first_of(const std::vector<fs::path>& files) {
  return files.empty() ? "" : fmt::format("first '{}'", files[0].string());
}

void print(const DataCheck& check, Context& context) {
  Table facts({{"of the folder"}, {"", true}, {"", false, true}});
  facts.add({"recordings", std::to_string(check.files), duration_text(check.seconds)});
  facts.add({"usable", std::to_string(check.usable())});
  for (const auto& [rate, count] : check.rates)
    facts.add({fmt::format("at {} Hz", plain_text(rate)), std::to_string(count)});
  for (const auto& [channels, count] : check.channels) {
    facts.add({channels == 1 ? "mono" : "stereo", std::to_string(count)});
  }
  const auto some = [&](const char* name, std::size_t count, const std::string& note) {
    if (count > 0) facts.add({name, std::to_string(count), note});
  };
  some("too short", check.too_short.size(), first_of(check.too_short));
  some("silent", check.silent.size(), first_of(check.silent));
  some("unreadable", check.unreadable.size(), check.unreadable.empty() ? "" : check.unreadable[0].reason);
  some("with copies", check.duplicates.size(), check.duplicates.empty() ? "" : first_of(check.duplicates[0]));
  context.print(facts.text(context.width(), context.colored()));
  Table table({{"split"}, {"recordings", true}, {"groups", true}, {"length", true}});
  for (const auto& [split, summary] : check.splits) {
    table.add({std::string(to_string(split)), std::to_string(summary.recordings), std::to_string(summary.groups),
               duration_text(summary.seconds)});
  }
  context.print("\n" + table.text(context.width(), context.colored()));
  context.print(context.dim(check.manifest ? fmt::format("\nby its manifest, digest {}\n", *check.manifest)
                                           : "\nby file names; it has no manifest (soundalike data split)\n"));
}

int run(const Arguments& arguments, Context& context) {
  const fs::path folder = arguments.text("folder");
  const DataCheckOptions check_options{.minimum_seconds = arguments.number("min-seconds"),
                                       .silence_db = arguments.number("silence"),
                                       .workers = context.jobs(),
                                       .progress = context.progress(),
                                       .stop = context.stop()};
  const DataCheck check = check_data(folder, check_options);
  context.clear_progress();
  require_usable(check, folder, check_options);
  if (!check.leaks.empty()) {
    context.warn(
        fmt::format("{} recordings have copies in another split, {}: what is held out would be heard in training",
                    check.leaks.size(), first_of(check.leaks[0])));
  }
  for (const auto& [split, summary] : check.splits) {
    if (summary.recordings == 0) context.warn(fmt::format("split '{}' is empty", to_string(split)));
  }
  if (!check.missing.empty() || !check.changed.empty() || !check.unlisted.empty()) {
    context.warn(fmt::format("the manifest does not fit: {} recordings missing, {} changed, {} not listed",
                             check.missing.size(), check.changed.size(), check.unlisted.size()));
  }
  if (context.json()) {
    context.emit(json_of(check));
  } else {
    print(check, context);
  }
  return 0;
}

}  // namespace

extern const Command data_check_command{
    .name = "data check",
    .summary = "what a folder of recordings holds: hours, rates, splits, and what cannot be used",
    .description =
        "Reads every recording and counts: length, sample rates and channels, files that are too short, silent or "
        "unreadable, copies by checksum and whether they cross from one split into another, and the splits by the "
        "folder's manifest or by file names. Ends with an error when nothing can be used.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
