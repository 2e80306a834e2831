#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "manifest_report.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "folder", .kind = ValueKind::folder, .help = "recordings, in folders of any depth"},
};
constexpr Option options[] = {
    {.name = "manifest",
     .kind = ValueKind::output_file,
     .value = "FILE.json",
     .help = "keep the manifest there instead of in the folder"},
};
constexpr Example examples[] = {
    {"soundalike data split recordings", "decide once what is trained on and what is held out"},
    {"soundalike data split /mnt/library --manifest library.json", "for a folder that cannot be written"},
};

int run(const Arguments& arguments, Context& context) {
  const std::filesystem::path folder = arguments.text("folder");
  const std::filesystem::path file =
      arguments.given("manifest") ? std::filesystem::path(arguments.text("manifest")) : folder / manifest_file_name;
  const bool there = std::filesystem::exists(file);
  const Manifest manifest = manifest_for(folder, file, context.progress());
  context.clear_progress();
  if (there) context.warn(fmt::format("'{}' was there already and stays as it is", file.string()));
  if (context.json()) {
    context.emit({{"file", file.string()}, {"written", !there}, {"manifest", manifest_json(manifest)}});
    return 0;
  }
  context.print(fmt::format("{}\n{}\n", file.string(), split_line(manifest)));
  return 0;
}

}  // namespace

extern const Command data_split_command{
    .name = "data split",
    .summary = "decide once and for all which recordings are trained on and which are held out",
    .description =
        "Writes a manifest: every recording with its checksum, its group and its split. Recordings of one speaker or "
        "song stay together; which is which follows from the file names, as 'soundalike evaluate match' splits too. A "
        "manifest that is there already is left alone: it decides. People may edit it before anything is trained.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
