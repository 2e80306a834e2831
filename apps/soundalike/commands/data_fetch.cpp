#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "manifest_report.hpp"
#include "soundalike/collection.hpp"
#include "soundalike/error.hpp"

namespace soundalike::cli {
namespace {

Words collection_names() {
  Words names;
  for (const Collection& collection : collections()) names.push_back(collection.name);
  return names;
}

constexpr Positional positionals[] = {
    {.name = "collection",
     .kind = ValueKind::choice,
     .choices = collection_names,
     .help = "as soundalike data list names it"},
};
constexpr Option options[] = {
    {.name = "to",
     .kind = ValueKind::folder,
     .value = "FOLDER",
     .required = true,
     .help = "where the recordings go, with their manifest"},
    {.name = "part",
     .kind = ValueKind::text,
     .value = "NAME",
     .repeatable = true,
     .help = "only this file of the collection, e.g. train-clean-360; default: those that data list --json marks"},
    {.name = "base-url",
     .kind = ValueKind::text,
     .value = "URL",
     .help = "a mirror that has the files below this address"},
    {.name = "sha256",
     .kind = ValueKind::assignment,
     .value = "FILE=SUM",
     .repeatable = true,
     .help = "expect this checksum of a file instead of the built-in one, e.g. of a newer release"},
    {.name = "keep-archives", .help = "keep the downloaded files, in .fetch in the folder"},
};
constexpr Example examples[] = {
    {"soundalike data fetch digits --to data/digits", "2500 spoken digits, 12 MB"},
    {"soundalike data fetch libritts --to data/libritts --part dev-clean", "one part of a large collection"},
};

int run(const Arguments& arguments, Context& context) {
  const Collection& collection = find_collection(arguments.text("collection"));
  FetchOptions fetch{.base_url = arguments.text("base-url"),
                     .parts = arguments.given("part") ? arguments.all("part") : std::vector<std::string>{},
                     .keep_archives = arguments.given("keep-archives"),
                     .progress = context.progress(),
                     .stop = context.stop()};
  for (const auto& [name, sum] : arguments.assignments("sha256")) fetch.sha256[name] = sum;
  const std::filesystem::path folder = arguments.text("to");
  const Fetched fetched = fetch_collection(collection, folder, fetch);
  context.clear_progress();
  for (const std::string& part : fetched.unverified) {
    context.warn(fmt::format("nobody published a checksum of '{}' that is known here; its SHA-256 is {}", part,
                             fetched.sha256.at(part)));
  }
  if (context.json()) {
    nlohmann::ordered_json document{{"folder", folder.string()}, {"manifest", manifest_json(fetched.manifest)}};
    document["sha256"] = fetched.sha256;
    context.emit(document);
    return 0;
  }
  context.print(fmt::format("{} recordings in {} ({})\n{}\n", fetched.manifest.entries.size(), folder.string(),
                            collection.licence, split_line(fetched.manifest)));
  return 0;
}

}  // namespace

extern const Command data_fetch_command{
    .name = "data fetch",
    .summary = "download a public collection of recordings and prepare it for training",
    .description =
        "Downloads the files of a collection, checks them against published checksums, unpacks the recordings that are "
        "of use and writes a manifest that splits them by speaker or song. Stopped or cut off, the same command goes "
        "on "
        "where it was. Files that do not match their checksum, or that hold anything but plain files within the "
        "folder, "
        "are refused.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
