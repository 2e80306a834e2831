#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "audit_report.hpp"
#include "context.hpp"
#include "effect_json.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/audit.hpp"
#include "soundalike/error.hpp"

namespace soundalike::cli {
namespace {

constexpr Positional positionals[] = {
    {.name = "text",
     .required = false,
     .repeatable = true,
     .help = "only effects with all these words in their name, class, author, pack or id"},
};
constexpr Option options[] = {
    {.name = "rate",
     .kind = ValueKind::number,
     .value = "HZ",
     .minimum = 8000,
     .maximum = 384000,
     .unit = "Hz",
     .repeatable = true,
     .help = "sample rate to audit at; default: 48000 and 24000"},
    {.name = "deadline",
     .kind = ValueKind::number,
     .value = "SECONDS",
     .fallback = "10",
     .minimum = 0.1,
     .maximum = 3600,
     .unit = "s",
     .help = "for loading an effect, and for each render"},
    {.name = "again", .help = "also effects whose files have not changed since their last audit"},
    {.name = "csv", .kind = ValueKind::output_file, .value = "FILE", .help = "write every verdict, one row each"},
    {.name = "markdown", .kind = ValueKind::output_file, .value = "FILE", .help = "write the tables"},
};
constexpr Example examples[] = {
    {"soundalike effects audit", "which of the installed effects work, and what is wrong with the others"},
    {"soundalike effects audit calf --again --rate 96000", "one pack, at another rate"},
    {"soundalike effects audit --csv audit.csv --markdown audit.md", "for a report"},
};

std::vector<const EffectListing*> chosen(const Arguments& arguments, const EffectLibrary& library) {
  std::vector<const EffectListing*> effects;
  const auto words = arguments.all("text");
  for (const EffectListing& listing : library.listings()) {
    if (has_words(listing, words) && is_audited(listing)) effects.push_back(&listing);
  }
  if (effects.empty()) {
    throw Error(ErrorCode::not_found, "no installed effect matches (soundalike effects lists them)");
  }
  return effects;
}

std::vector<double> rates_of(const Arguments& arguments) {
  std::vector<double> rates;
  for (const std::string& text : arguments.all("rate")) rates.push_back(std::stod(text));
  return rates.empty() ? AuditOptions().rates : rates;
}

// What holds plugins on this machine is the same for all: a worker of any effect that works can tell.
std::string sandbox_of(const std::vector<AuditRow>& rows) {
  const auto works = std::ranges::find_if(rows, [](const AuditRow& row) { return row.verdicts[0].gives_audio(); });
  if (works == rows.end()) return "unknown: no effect works";
  return BatchRenderer({*works->listing}, {{48000.0}, 2}, {.workers = 1}).sandbox();
}

int run(const Arguments& arguments, Context& context) {
  for (const char* file : {"csv", "markdown"}) {
    if (arguments.given(file)) check_writable(arguments.text(file));  // told now and not minutes later
  }
  const EffectLibrary library;
  AuditStore store;
  AuditOptions audit_options;
  audit_options.rates = rates_of(arguments);
  audit_options.deadline_seconds = arguments.number("deadline");
  audit_options.jobs = context.jobs();
  audit_options.again = arguments.given("again");
  audit_options.store = &store;
  const auto rows = audit_effects(chosen(arguments, library), audit_options, context.progress(), context.stop());
  context.clear_progress();
  const AuditReport report{rows, audit_options.rates};
  if (arguments.given("csv")) write_file(arguments.text("csv"), report.csv());
  if (arguments.given("markdown")) write_file(arguments.text("markdown"), report.markdown());
  const auto known = static_cast<std::size_t>(std::ranges::count_if(rows, &AuditRow::known));
  const std::string sandbox = sandbox_of(rows);
  if (context.json()) {
    context.emit({{"effects", report.json()}, {"count", rows.size()}, {"known", known}, {"sandbox", sandbox}});
    return 0;
  }
  context.print(report.text(context.width(), context.colored()));
  std::string summary = fmt::format("\n{} effects", rows.size());
  if (known > 0) summary += fmt::format(", {} of them known from earlier (--again audits them anew)", known);
  for (std::size_t i = 0; i < audit_options.rates.size(); ++i) {
    summary += fmt::format("; {:.1f} % give audio at {:g} Hz", report.percent_with_audio(i), audit_options.rates[i]);
  }
  context.print(context.dim(summary + "\nplugins are held by: " + sandbox + "\n"));
  return 0;
}

}  // namespace

extern const Command effects_audit_command{
    .name = "effects audit",
    .summary = "find out which installed effects work",
    .description =
        "Loads every installed effect in a process of its own and renders a second of audio twice at its defaults, "
        "each with a deadline: whether it loads, gives audio, repeats bit for bit, falls silent, gives NaN, crashes "
        "or hangs, and why. Verdicts are kept for as long as the effect's binaries stay the same, so a second audit "
        "takes no time, and match, render and effects show warn of effects that failed. Says as well what keeps "
        "plugins from the network and from files on this machine.",
    .positionals = positionals,
    .options = options,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
