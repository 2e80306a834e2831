#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "soundalike/collection.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

constexpr Example examples[] = {
    {"soundalike data list", "what can be fetched, and under which licence"},
    {"soundalike data list --json", "the same with every part and checksum, for a program"},
};

nlohmann::ordered_json json_of(const Collection& collection) {
  nlohmann::ordered_json parts = nlohmann::ordered_json::array();
  for (const CollectionPart& part : collection.parts) {
    nlohmann::ordered_json row{{"name", part.name}, {"by_default", part.by_default}};
    row["bytes"] = part.bytes == 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(part.bytes);
    if (!part.sha256.empty()) row["sha256"] = part.sha256;
    if (!part.md5.empty()) row["md5"] = part.md5;
    parts.push_back(row);
  }
  return {{"name", collection.name},
          {"summary", collection.summary},
          {"licence", collection.licence},
          {"url", collection.base_url},
          {"parts", parts}};
}

int run(const Arguments&, Context& context) {
  if (context.json()) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Collection& collection : collections()) list.push_back(json_of(collection));
    context.emit({{"collections", list}});
    return 0;
  }
  Table table({{"collection"}, {"holds", false, true}, {"licence", false, true}, {"files", true}});
  for (const Collection& collection : collections()) {
    table.add({std::string(collection.name), std::string(collection.summary), std::string(collection.licence),
               fmt::format("{}", collection.parts.size())});
  }
  context.print(table.text(context.width(), context.colored()));
  return 0;
}

}  // namespace

extern const Command data_list_command{
    .name = "data list",
    .summary = "the public collections of recordings that can be fetched",
    .description =
        "Lists the collections that soundalike data fetch knows. Look at the licence before you train on one: some "
        "forbid commercial use.",
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
