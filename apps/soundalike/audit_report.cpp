#include "audit_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "context.hpp"
#include "effect_json.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

using Counts = std::array<std::size_t, audit_statuses>;

std::string format_name(const EffectListing& listing) { return listing.info.id.substr(0, listing.info.id.find(':')); }

// Counts per format, pack and rate; the last rows are the sums of a format.
struct Group {
  std::string format;
  std::string pack;
  std::size_t rate = 0;
  Counts counts{};
};

std::vector<Group> groups(const AuditReport& report) {
  std::map<std::tuple<std::string, std::string, std::size_t>, Counts> packs;
  std::map<std::tuple<std::string, std::size_t>, Counts> formats;
  for (const AuditRow& row : report.rows) {
    for (std::size_t i = 0; i < row.verdicts.size(); ++i) {
      const auto status = static_cast<std::size_t>(row.verdicts[i].status);
      const std::string format = format_name(*row.listing);
      ++packs[{format, pack_of(*row.listing), i}].at(status);
      ++formats[{format, i}].at(status);
    }
  }
  std::vector<Group> result;
  for (const auto& [key, counts] : packs) {
    result.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), counts});
  }
  for (const auto& [key, counts] : formats) result.push_back({std::get<0>(key), "all", std::get<1>(key), counts});
  return result;
}

std::size_t total(const Counts& counts) {
  std::size_t sum = 0;
  for (const std::size_t count : counts) sum += count;
  return sum;
}

std::string count_text(std::size_t count) { return count > 0 ? std::to_string(count) : ""; }

// A pack whose file is the plugin gets no better name than the file's: those are told as one.
std::vector<Group> merged(std::vector<Group> all) {
  constexpr std::size_t most_rows = 60;
  if (all.size() <= most_rows) return all;
  std::erase_if(all, [](const Group& group) {
    const bool uneventful = group.counts[0] == total(group.counts);
    return group.pack != "all" && uneventful && total(group.counts) < 3;
  });
  return all;
}

struct Failure {
  const EffectListing* listing;
  double rate;
  const AuditVerdict* verdict;
};

std::vector<Failure> failures(const AuditReport& report) {
  std::vector<Failure> result;
  for (const AuditRow& row : report.rows) {
    for (std::size_t i = 0; i < row.verdicts.size(); ++i) {
      const bool told = i > 0 && row.verdicts[i].status == row.verdicts[0].status;  // once for all rates
      if (row.verdicts[i].status != AuditStatus::renders && !told) {
        result.push_back({row.listing, report.rates[i], &row.verdicts[i]});
      }
    }
  }
  return result;
}

std::string cell(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
  return result;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

}  // namespace

double AuditReport::percent_with_audio(std::size_t rate) const {
  const auto good = std::ranges::count_if(rows, [&](const AuditRow& row) { return row.verdicts[rate].gives_audio(); });
  return rows.empty() ? 100.0 : 100.0 * static_cast<double>(good) / static_cast<double>(rows.size());
}

std::string AuditReport::text(std::size_t width, bool colored) const {
  std::vector<Column> columns{{"format"}, {"pack", false, true}, {"rate", true}, {"effects", true}};
  for (std::size_t i = 0; i < audit_statuses; ++i) {
    columns.push_back({std::string(to_string(static_cast<AuditStatus>(i))), true});
  }
  Table table(columns);
  for (const Group& group : merged(groups(*this))) {
    std::vector<std::string> cells{group.format, group.pack, fmt::format("{:g}", rates[group.rate]),
                                   std::to_string(total(group.counts))};
    for (const std::size_t count : group.counts) cells.push_back(count_text(count));
    table.add(std::move(cells));
  }
  std::string result = table.text(width, colored);
  Table reasons({{"effect", false, true}, {"rate", true}, {"status"}, {"reason", false, true}});
  for (const auto& [listing, rate, verdict] : failures(*this)) {
    reasons.add(
        {listing->info.name, fmt::format("{:g}", rate), std::string(to_string(verdict->status)), verdict->reason});
  }
  if (!reasons.empty()) result += "\n" + reasons.text(width, colored);
  return result;
}

std::string AuditReport::markdown() const {
  std::string text = "| format | pack | rate | effects |";
  std::string rule = "|---|---|--:|--:|";
  for (std::size_t i = 0; i < audit_statuses; ++i) {
    text += fmt::format(" {} |", to_string(static_cast<AuditStatus>(i)));
    rule += "--:|";
  }
  text += "\n" + rule + "\n";
  for (const Group& group : merged(groups(*this))) {
    text +=
        fmt::format("| {} | {} | {:g} | {} |", group.format, cell(group.pack), rates[group.rate], total(group.counts));
    for (const std::size_t count : group.counts) text += fmt::format(" {} |", count_text(count));
    text += "\n";
  }
  text += "\n| effect | rate | status | reason |\n|---|--:|---|---|\n";
  for (const auto& [listing, rate, verdict] : failures(*this)) {
    text += fmt::format("| {} | {:g} | {} | {} |\n", cell(listing->info.name), rate, to_string(verdict->status),
                        cell(verdict->reason));
  }
  return text;
}

std::string AuditReport::csv() const {
  std::string text = "id,name,format,pack,rate,status,plugin_ms_per_second,reason\n";
  for (const AuditRow& row : rows) {
    for (std::size_t i = 0; i < row.verdicts.size(); ++i) {
      const AuditVerdict& verdict = row.verdicts[i];
      text += fmt::format("{},{},{},{},{:g},{},{:.4g},{}\n", quoted(row.listing->info.id),
                          quoted(row.listing->info.name), format_name(*row.listing), quoted(pack_of(*row.listing)),
                          rates[i], to_string(verdict.status), verdict.plugin_seconds * 1e3f, quoted(verdict.reason));
    }
  }
  return text;
}

nlohmann::ordered_json AuditReport::json() const {
  nlohmann::ordered_json effects = nlohmann::ordered_json::array();
  for (const AuditRow& row : rows) {
    nlohmann::ordered_json verdicts = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < row.verdicts.size(); ++i) {
      const AuditVerdict& verdict = row.verdicts[i];
      verdicts.push_back({{"rate", rates[i]},
                          {"status", to_string(verdict.status)},
                          {"plugin_seconds", verdict.plugin_seconds},
                          {"reason", verdict.reason}});
    }
    effects.push_back({{"id", row.listing->info.id},
                       {"name", row.listing->info.name},
                       {"format", format_name(*row.listing)},
                       {"pack", pack_of(*row.listing)},
                       {"verdicts", std::move(verdicts)}});
  }
  return effects;
}

void warn_of_audit(const EffectListing& listing, Context& context) {
  AuditStore store;
  for (const double rate : AuditOptions().rates) {
    const auto verdict = store.find(listing, rate);
    if (!verdict || verdict->gives_audio()) continue;
    return context.warn(fmt::format("the last audit at {:g} Hz found of '{}': {}: {}", rate, listing.info.name,
                                    to_string(verdict->status), verdict->reason));
  }
}

}  // namespace soundalike::cli
