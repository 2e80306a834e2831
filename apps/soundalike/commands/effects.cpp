#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "arguments.hpp"
#include "catalogue.hpp"
#include "command.hpp"
#include "context.hpp"
#include "effect_json.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"
#include "table.hpp"
#include "text.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "text",
     .required = false,
     .repeatable = true,
     .help = "only effects with all these words in their name, class, author, pack or id"},
};
constexpr Option options[] = {
    {.name = "class",
     .letter = 'c',
     .kind = ValueKind::text,
     .value = "CLASS",
     .repeatable = true,
     .help = "only effects of this class: Reverb, Distortion, ...; --classes lists them"},
    {.name = "pack",
     .letter = 'p',
     .kind = ValueKind::text,
     .value = "PACK",
     .repeatable = true,
     .help = "only effects whose pack (the folder they are installed in) or author has this in its name"},
    {.name = "format",
     .letter = 'f',
     .kind = ValueKind::text,
     .value = "FORMAT",
     .repeatable = true,
     .help = "only effects of this format, with which their ids begin: lv2, vst3, clap, ladspa, builtin"},
    {.name = "all", .letter = 'a', .help = "also plugins that cannot be used, with the reason"},
    {.name = "classes", .excludes = "names", .help = "count the effects of each class instead"},
    {.name = "names", .help = "print bare names, one per line, for scripts"},
};
constexpr Example examples[] = {
    {"soundalike effects", "everything that can be used for matching"},
    {"soundalike effects tube overdrive", "search by words"},
    {"soundalike effects --class Reverb --pack calf", "the reverbs of one pack"},
    {"soundalike effects --all --json", "everything installed, with reasons, for a program"},
};

bool contains(std::string_view text, std::string_view part) {
  return lower(text).find(lower(part)) != std::string::npos;
}

std::string class_of(const EffectListing& listing) {
  return listing.info.klass.empty() ? "Plugin" : listing.info.klass;
}

using Listings = std::vector<const EffectListing*>;

// The asked-for classes as the library spells them. Refuses one that no plugin has.
std::vector<std::string> known_classes(const std::vector<std::string>& asked, const Listings& listings) {
  std::map<std::string, std::string> spelled;
  for (const EffectListing* listing : listings) spelled.emplace(lower(class_of(*listing)), class_of(*listing));
  std::vector<std::string> result;
  for (const std::string& name : asked) {
    if (const auto found = spelled.find(lower(name)); found != spelled.end()) {
      result.push_back(found->second);
      continue;
    }
    Words known;
    for (const auto& [key, spelling] : spelled) known.push_back(spelling);
    throw Error(ErrorCode::not_found,
                fmt::format("no installed effect is of class '{}'{} (soundalike effects --classes "
                            "lists them)",
                            name, did_you_mean(name, known)));
  }
  return result;
}

// What its id begins with: "lv2".
std::string format_of(const EffectListing& listing) { return listing.info.id.substr(0, listing.info.id.find(':')); }

// The asked-for formats in lower case. Refuses one that no effect has.
std::vector<std::string> known_formats(const std::vector<std::string>& asked, const EffectLibrary& library) {
  std::set<std::string> known;
  for (const EffectListing& listing : library.listings()) known.insert(format_of(listing));
  std::vector<std::string> result;
  for (const std::string& name : asked) {
    result.push_back(lower(name));
    if (known.contains(result.back())) continue;
    throw Error(ErrorCode::not_found,
                fmt::format("no effect is of format '{}'; there are {}", name, fmt::join(known, ", ")));
  }
  return result;
}

Listings chosen(const Arguments& arguments, const EffectLibrary& library) {
  Listings candidates;
  for (const EffectListing& listing : library.listings()) {
    if (listing.unusable.empty() || arguments.given("all")) candidates.push_back(&listing);
  }
  const auto classes = known_classes(arguments.all("class"), candidates);
  const auto packs = arguments.all("pack"), words = arguments.all("text");
  const auto formats = known_formats(arguments.all("format"), library);
  std::erase_if(candidates, [&](const EffectListing* listing) {
    const std::string pack = pack_of(*listing);
    const auto of_pack = [&](const std::string& name) {
      return contains(pack, name) || contains(listing->info.author, name);
    };
    return (!classes.empty() && std::ranges::find(classes, class_of(*listing)) == classes.end()) ||
           (!packs.empty() && std::ranges::none_of(packs, of_pack)) ||
           (!formats.empty() && std::ranges::find(formats, format_of(*listing)) == formats.end()) ||
           !has_words(*listing, words);
  });
  std::ranges::stable_sort(candidates, {}, [](const EffectListing* listing) {
    return std::pair(lower(class_of(*listing)), lower(listing->info.name));
  });
  return candidates;
}

// "no effect matches 'shwo'", with what may have been meant.
std::string nothing_found(const Arguments& arguments, const EffectLibrary& library) {
  std::string filter;
  for (const std::string& word : arguments.all("text")) filter += (filter.empty() ? "" : " ") + word;
  const std::string all = arguments.given("all") ? "" : " (--all also searches those that cannot be used)";
  if (filter.empty()) return "no effect matches" + all;
  Words words;
  for (const Command* command : commands()) {
    if (command->name.starts_with("effects ")) words.push_back(command->name.substr(8));
  }
  const std::string first = arguments.all("text").front();
  std::string meant = did_you_mean(first, words, "soundalike effects ");
  if (meant.empty()) {
    Words names;
    for (const EffectListing& listing : library.listings()) {
      if (listing.unusable.empty()) names.push_back(listing.info.name);
    }
    meant = did_you_mean(filter, names);
  }
  return fmt::format("no effect matches '{}'{}{}", filter, meant, all);
}

void show_classes(const Listings& listings, Context& context) {
  std::map<std::string, std::size_t> counts;
  for (const EffectListing* listing : listings) ++counts[class_of(*listing)];
  if (context.json()) {
    nlohmann::ordered_json classes = nlohmann::ordered_json::array();
    for (const auto& [name, count] : counts) classes.push_back({{"class", name}, {"effects", count}});
    context.emit({{"classes", classes}, {"count", listings.size()}});
    return;
  }
  Table table({{"class"}, {"effects", true}});
  for (const auto& [name, count] : counts) table.add({name, std::to_string(count)});
  context.print(table.text(context.width(), context.colored()));
}

void show_names(const Listings& listings, Context& context) {
  std::vector<std::string> names;
  for (const EffectListing* listing : listings) {
    const auto same = [&](const EffectListing* other) { return other->info.name == listing->info.name; };
    // Two plugins of one name are told apart by their ids.
    names.push_back(std::ranges::count_if(listings, same) == 1 ? listing->info.name : listing->info.id);
  }
  if (context.json()) return context.emit({{"names", names}});
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  context.print(text);
}

void show_table(const Listings& listings, bool with_reasons, const EffectLibrary& library, Context& context) {
  const auto usable = static_cast<std::size_t>(
      std::ranges::count_if(listings, [](const EffectListing* l) { return l->unusable.empty(); }));
  if (context.json()) {
    nlohmann::ordered_json effects = nlohmann::ordered_json::array();
    for (const EffectListing* listing : listings) effects.push_back(listing_json(*listing));
    context.emit({{"effects", effects}, {"count", listings.size()}, {"usable", usable}});
    return;
  }
  std::vector<Column> columns{{"name", false, true}, {"class"},       {"format"},
                              {"channels"},          {"knobs", true}, {"pack", false, true}};
  if (with_reasons) columns.push_back({"cannot be used because", false, true});
  Table table(columns);
  for (const EffectListing* listing : listings) {
    table.add({listing->info.name, class_of(*listing), format_of(*listing), channels_text(listing->info),
               std::to_string(listing->parameters.size()), pack_of(*listing), listing->unusable});
  }
  context.print(table.text(context.width(), context.colored()));
  const std::string rest = listings.size() == usable ? "" : fmt::format(", {} not usable", listings.size() - usable);
  context.print(
      context.dim(fmt::format("\n{} of {} installed plugins{}\n", listings.size(), library.listings().size(), rest)));
}

int run(const Arguments& arguments, Context& context) {
  const EffectLibrary library;
  const Listings listings = chosen(arguments, library);
  if (listings.empty() && !arguments.given("names")) {
    throw Error(ErrorCode::not_found, nothing_found(arguments, library));
  }
  if (arguments.given("classes")) {
    show_classes(listings, context);
  } else if (arguments.given("names")) {
    show_names(listings, context);
  } else {
    show_table(listings, arguments.given("all"), library, context);
  }
  return 0;
}

}  // namespace

extern const Command effects_command{
    .name = "effects",
    .summary = "list the installed effects",
    .description =
        "Lists the audio effects of this machine that can be used for matching, sorted by class and name. Words after "
        "the command narrow the list. Plugins are looked for in LV2_PATH, VST3_PATH, CLAP_PATH and LADSPA_PATH, or "
        "else in the "
        "standard folders; the list "
        "is kept in a cache that is renewed when something is installed or removed.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
